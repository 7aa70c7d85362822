"""What a batch came to: words kept and removed by kind, by rule and by site; and the lines that sites repeat."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from cleaner.batch.account import Account
from cleaner.characters import Hashes

# Beyond so many sites those of the fewest documents are dropped, and the summary says so.
MOST_SITES = 100_000
# What a report shows of each table.
SHOWN = 20
SHOWN_LINES = 200
# A line repeats when it stands in so many documents of a site.
LEAST_DOCUMENTS = 5
# So many lines' hashes are counted at once.
AT_ONCE = 1 << 21

# A map of so many bits tells which lines were seen before.
SEEN_BITS = 26
# Of so many lines it is remembered that their text is kept already.
MOST_KEPT = 100_000

HIGH = np.uint64(32)
Key = TypeVar("Key")
Counts = dict[str, list[int]]


@dataclass
class Summary:
    """Numbers of documents, bytes and words. `kinds` and `rules` map to [pieces, words], "" among the rules being the
    scorer; `sites` map to [documents, words kept, removed, in doubt]; `passed` counts what is no document, by why."""

    documents: int = 0
    rejected: int = 0
    bytes: int = 0
    kept: int = 0
    removed: int = 0
    doubt: int = 0
    dropped_sites: int = 0
    passed: dict[str, int] = field(default_factory=dict)
    kinds: Counts = field(default_factory=dict)
    rules: Counts = field(default_factory=dict)
    sites: Counts = field(default_factory=dict)

    def add(self, accounts: Sequence[Account]) -> None:
        """Count cleaned documents."""
        together: dict[tuple[str, str], list[int]] = {}
        for account in accounts:
            removed = 0
            for verdict, counts in account.removed.items():
                removed += counts[1]
                _sum(together, verdict, counts)
            self.kept += account.kept
            self.removed += removed
            self.doubt += account.doubt
            if account.site:
                _sum(self.sites, account.site, (1, account.kept, removed, account.doubt))
        self.documents += len(accounts)
        for (kind, rule), sums in together.items():
            _sum(self.kinds, kind, sums)
            _sum(self.rules, rule, sums)

    def merge(self, other: Mapping[str, Any]) -> None:
        """Add another's numbers, as `vars` gives them. The same summaries in the same order give the same sum."""
        for name, value in other.items():
            if isinstance(value, int):
                setattr(self, name, getattr(self, name) + value)
            elif name == "passed":
                for why, count in value.items():
                    self.passed[why] = self.passed.get(why, 0) + count
            else:
                for key, counts in value.items():
                    _sum(getattr(self, name), key, counts)
        if len(self.sites) > 2 * MOST_SITES:
            largest = sorted(self.sites, key=lambda site: (-self.sites[site][0], site))
            self.dropped_sites += len(largest) - MOST_SITES
            self.sites = {site: self.sites[site] for site in largest[:MOST_SITES]}

    def report(self, lines: Sequence[Repeated]) -> dict[str, Any]:
        """Plain values for JSON: all kinds and rules, the sites of the most words and of the most words in doubt."""
        rules = [
            {"rule": rule or "scorer", "pieces": pieces, "words": words} for rule, (pieces, words) in self._most(self.rules, 1)
        ]  # fmt: skip
        return {
            "documents": self.documents, "rejected": self.rejected, "bytes": self.bytes, "passed_over": dict(sorted(self.passed.items())),
            "words_kept": self.kept, "words_removed": self.removed, "words_in_doubt": self.doubt,
            "kinds": [{"kind": kind, "pieces": pieces, "words": words} for kind, (pieces, words) in self._most(self.kinds, 1)],
            "rules": rules,
            "sites": [self._site(site) for site, _ in self._most(self.sites, 1)[:SHOWN]],
            "sites_in_doubt": [self._site(site) for site, counts in self._most(self.sites, 3)[:SHOWN] if counts[3]],
            "sites_not_counted": self.dropped_sites,
            "repeated_lines": [line._asdict() for line in lines],
        }  # fmt: skip

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {words:,}" for kind, (_, words) in self._most(self.kinds, 1) if words)
        found = [
            f"{_many(self.documents, 'document')}: {self.kept:,} words kept, {self.removed:,} removed" + (f" ({kinds})" if kinds else "")
        ]  # fmt: skip
        if self.passed:
            found.append("passed over: " + ", ".join(f"{why} {n:,}" for why, n in sorted(self.passed.items(), key=lambda p: (-p[1], p[0]))))
        doubtful = [f"{site} {counts[3]:,}" for site, counts in self._most(self.sites, 3)[:5] if counts[3]]
        if doubtful:
            found.append("sites with the most words in doubt: " + ", ".join(doubtful))
        return "\n".join(found)

    def _site(self, site: str) -> dict[str, Any]:
        return {"site": site, **dict(zip(("documents", "words_kept", "words_removed", "words_in_doubt"), self.sites[site]))}

    @staticmethod
    def _most(table: Counts, column: int) -> list[tuple[str, list[int]]]:
        return sorted(table.items(), key=lambda item: (-item[1][column], item[0]))


class Repeated(NamedTuple):
    """A line that stands in `documents` of a site's documents and that no rule removed."""

    site: str
    line: str
    documents: int


class LineFiles(NamedTuple):
    """The short lines of some documents: `hashes` are eight bytes each; `lines` those of the first hashes, deflated, a site, a
    tab and a line each."""

    lines: Path
    hashes: Path


class SeenLines:
    """Which lines were seen before, by their hashes: of those seen once nobody will want the text, and of others once will do.

    In a map of a fixed size: now and then a line is taken for another, and its text kept for nothing.
    """

    def __init__(self) -> None:
        self.map = np.zeros(1 << (SEEN_BITS - 3), dtype=np.uint8)
        self.kept: set[int] = set()

    def wanted(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Of which lines the text is to be kept: those that were seen before, unless it was kept lately."""
        wanted = self.take(hashes)
        places = np.flatnonzero(wanted)
        found = hashes[places].tolist()
        wanted[places] = [hash_ not in self.kept for hash_ in found]
        if len(self.kept) > MOST_KEPT:
            self.kept.clear()
        self.kept.update(found)
        return wanted

    def take(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Whether each of some lines was seen before, or is twice among them."""
        slots = (hashes >> np.uint64(64 - SEEN_BITS)).astype(np.int64)
        places, bits = slots >> 3, np.left_shift(1, slots & 7).astype(np.uint8)
        _, inverse, counts = np.unique(slots, return_inverse=True, return_counts=True)
        seen: npt.NDArray[np.bool_] = (self.map[places] & bits > 0) | (counts[inverse] > 1)
        np.bitwise_or.at(self.map, places, bits)
        return seen


def line_files(lines: bytes, hashes: bytes, seen: SeenLines) -> tuple[bytes, bytes]:
    """The two files of some documents' lines, as accounts have them. Those whose text is kept are the first of the hashes."""
    numbers = np.frombuffer(hashes, "<u8").astype(np.uint64, copy=False)
    wanted = seen.wanted(numbers)
    texts = lines.split(b"\n")
    kept = [texts[i] for i in np.flatnonzero(wanted).tolist()]
    ordered = np.concatenate([numbers[wanted], numbers[~wanted]]).astype("<u8", copy=False)
    return zlib.compress(b"\n".join(kept), 1), ordered.tobytes()


def read_hashes(path: Path) -> Hashes:
    """The numbers in a file of hashes."""
    return np.fromfile(path, dtype="<u8").astype(np.uint64, copy=False)


def repeated_lines(files: Sequence[LineFiles]) -> list[Repeated]:
    """The lines that the most documents of a site repeat. Exact, and in bounded memory however many lines there are."""
    total = sum(file.hashes.stat().st_size for file in files) // 8
    pieces = 1 << (-(-total // AT_ONCE) - 1).bit_length() if total else 0
    best: list[tuple[int, int]] = []
    for piece in range(pieces):
        every = (read_hashes(file.hashes) for file in files)
        here = [hashes[(hashes >> HIGH) & np.uint64(pieces - 1) == piece] for hashes in every]
        unique, counts = np.unique(np.concatenate(here), return_counts=True)
        most = np.lexsort((unique, -counts))[:SHOWN_LINES]
        best += [(-int(counts[i]), int(unique[i])) for i in most if counts[i] >= LEAST_DOCUMENTS]
        best = sorted(best)[:SHOWN_LINES]
    wanted = {h: -n for n, h in best}
    found = {h: Repeated(site, line, wanted[h]) for h, site, line in _texts(files, wanted)}
    return sorted(found.values(), key=lambda r: (-r.documents, r.site, r.line))


def _texts(files: Iterable[LineFiles], wanted: Mapping[int, int]) -> Iterable[tuple[int, str, str]]:
    keys = np.array(sorted(wanted), dtype=np.uint64)
    missing = set(wanted)
    for file in files:
        if not missing:
            return
        hashes = read_hashes(file.hashes)
        places = np.flatnonzero(np.isin(hashes, keys))
        if not missing.isdisjoint(hashes[places].tolist()):
            text = zlib.decompress(file.lines.read_bytes()).decode("utf-8")
            lines = text.split("\n") if text else []
            for place in places[places < len(lines)].tolist():
                hash_ = int(hashes[place])
                if hash_ in missing:
                    missing.discard(hash_)
                    site, _, line = lines[place].partition("\t")
                    yield hash_, site, line


def _sum(table: dict[Key, list[int]], key: Key, counts: Sequence[int]) -> None:
    sums = table.get(key)
    if sums is None:
        table[key] = list(counts)
    else:
        for i, count in enumerate(counts):
            sums[i] += count


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("s" if count != 1 else "")
