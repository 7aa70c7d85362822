"""Find what repeats across the pages of a site: whole lines, and lines of which only a part changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import regex

from cleaner.kinds import PhraseMatch
from cleaner.rule import edge_key

# A line that stands on fewer of the sampled pages is not looked at.
LEAST_PAGES = 3
WHOLE_SHARE = 0.02
TEMPLATE_SHARE = 0.04
# Longer whole lines are not found by the rules' index, so their beginning stands for them.
LONGEST_WHOLE = 240
MOST_TOKENS = 40
LONGEST_FIXED = 12
# A fixed part goes on while at most so many words follow it, and those make up this share of what follows.
MOST_BRANCHES = 4
BRANCH_SHARE = 0.8

NUMBER, MONTH = "\0n", "\0m"
TOKEN = regex.compile(r"\p{N}+|[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*|[^\s\p{L}\p{M}\p{N}]")
SEPARATORS = frozenset("|/:–—-©»›•·(>：｜／・】")
ENGLISH_DATES = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep "
    "sept oct nov dec monday tuesday wednesday thursday friday saturday sunday".split()
)
Token = str
Tokens = tuple[Token, ...]


class Candidate(NamedTuple):
    """Something that might be a rule: a `phrase` with the way it matches, or a `pattern` with its keywords.

    `max_words` 0 means no limit. `share` is that of the sampled pages it stands on.
    """

    phrase: str
    match: PhraseMatch
    pattern: str
    keywords: tuple[str, ...]
    max_words: int
    share: float

    @property
    def whole(self) -> bool:
        """Whether it is a line that stands there word for word."""
        return not self.pattern and self.match is PhraseMatch.WHOLE


class Line(NamedTuple):
    """A line's tokens with numbers and months made alike, and where each starts and ends in the line."""

    text: str
    tokens: Tokens
    spans: tuple[tuple[int, int], ...]


def read_line(text: str) -> Line:
    """Cut a line into tokens.

    >>> read_line("Published 12 March 2024").tokens == ("published", NUMBER, MONTH, NUMBER)
    True
    """
    found = list(TOKEN.finditer(text))
    tokens = [NUMBER if t[0].isnumeric() else t[0].lower() for t in found]
    for i, token in enumerate(tokens):
        between = 0 < i < len(tokens) - 1 and _number_near(tokens, i, -1) and _number_near(tokens, i, 1)
        beside = token in ENGLISH_DATES and (_number_near(tokens, i, -1) or _number_near(tokens, i, 1))
        if token[0].isalpha() and (between or beside):
            tokens[i] = MONTH
    return Line(text, tuple(tokens), tuple(t.span() for t in found))


def _number_near(tokens: Sequence[Token], at: int, step: int) -> bool:
    near = tokens[at + step : at + step + 1] if at + step >= 0 else []
    if near and near[0] in (".", ",") and 0 <= at + 2 * step < len(tokens):
        near = [tokens[at + 2 * step]]
    return bool(near) and near[0] in (NUMBER, MONTH)


class Counted(NamedTuple):
    """What counting over the sampled pages gave.

    `frequent` maps the key of each repeated line to the share of pages with it; `repeated` are the keys of lines
    that stand on two pages at least.
    """

    pages: int
    candidates: tuple[Candidate, ...]
    frequent: Mapping[str, float]
    repeated: frozenset[str]


def count_lines(pages: Iterable[Sequence[str]]) -> Counted:
    """Count over pages, each the texts of its blocks; their order does not matter."""
    wholes: Counter[str] = Counter()
    written: dict[str, str] = {}
    total = 0
    for texts in pages:
        total += 1
        keys = {edge_key(text): text for text in sorted(texts, reverse=True)}
        keys.pop("", None)
        wholes.update(keys.keys())
        for key, text in keys.items():
            written[key] = min(text, written.get(key, text))
    support = max(LEAST_PAGES, -int(-WHOLE_SHARE * total // 1))
    frequent = {key: n / total for key, n in wholes.items() if n >= support}
    found = [_whole(written[key], share) for key, share in frequent.items()]
    found += _templates({key: (text, wholes[key]) for key, text in written.items()}, total)
    unique = {(c.phrase, c.match, c.pattern): c for c in found}
    repeated = frozenset(key for key, n in wholes.items() if n >= 2)
    return Counted(total, tuple(sorted(unique.values())), frequent, repeated)


def _whole(text: str, share: float) -> Candidate:
    plain = " ".join(text.split())
    if len(text) <= LONGEST_WHOLE:
        return Candidate(plain, PhraseMatch.WHOLE, "", (), 0, share)
    words = plain.split(" ")
    start = " ".join(words[:16]) if len(words) >= 20 else plain[:120]
    return Candidate(start, PhraseMatch.START, "", (), len(words) + 10, share)


def _templates(lines: Mapping[str, tuple[str, int]], total: int) -> list[Candidate]:
    """Lines with a fixed beginning or end and a part that changes; `lines` maps a key to a text and its pages."""
    least = max(LEAST_PAGES, -int(-TEMPLATE_SHARE * total // 1))
    read = [(read_line(text), n) for text, n in lines.values() if len(text) <= 600]
    read = [(line, n) for line, n in read if 2 <= len(line.tokens) <= MOST_TOKENS]
    starts = _Edges([(line.tokens, n) for line, n in read], least)
    ends = _Edges([(line.tokens[::-1], n) for line, n in read], least)
    groups: dict[tuple[Tokens, Tokens], list[tuple[Line, int]]] = defaultdict(list)
    for line, n in read:
        start = starts.fixed(line.tokens)
        end = ends.fixed(line.tokens[::-1])[::-1][: len(line.tokens) - len(start)] if len(start) < len(line.tokens) else ()
        if len(start) + len(end) > len(line.tokens):
            end = end[len(start) + len(end) - len(line.tokens) :]
        if is_strong(start, at_end=False) or is_strong(end, at_end=True) or _is_form(start, line):
            groups[start, end].append((line, n))
    groups = _without_changing(groups, least)
    found = [_template(start, end, group, total) for (start, end), group in groups.items() if sum(n for _, n in group) >= least]
    return [c for c in found if c is not None]


class _Edges:
    """How many pages have a line that begins with each run of tokens."""

    def __init__(self, lines: Sequence[tuple[Tokens, int]], least: int) -> None:
        self.least = least
        self.count: Counter[Tokens] = Counter()
        for tokens, n in lines:
            for size in range(1, min(LONGEST_FIXED, len(tokens)) + 1):
                self.count[tokens[:size]] += n
        self.branches: dict[Tokens, list[int]] = defaultdict(list)
        for run, n in self.count.items():
            if n >= least:
                self.branches[run[:-1]].append(n)

    def fixed(self, tokens: Tokens) -> Tokens:
        """The run at the beginning of `tokens` that does not change."""
        size = 0
        while size < min(LONGEST_FIXED, len(tokens)):
            here, following = tokens[:size], tokens[: size + 1]
            if self.count[following] < self.least:
                break
            branches = self.branches[here]
            if size and tokens[size] not in (NUMBER, MONTH) and (
                len(branches) > MOST_BRANCHES or sum(branches) < BRANCH_SHARE * self.count[here]
            ):
                break
            size += 1
        return tokens[:size]


def is_strong(fixed: Tokens, *, at_end: bool) -> bool:
    """Whether a fixed part says enough to stand alone: words and a separator, or three words.

    >>> is_strong(("read", "more", ":"), at_end=False), is_strong(("the",), at_end=False)
    (True, False)
    """
    words = [t for t in fixed if t[0].isalpha()]
    # The end of a line alone is often a headline's: three words are no sign there.
    parted = any(t in SEPARATORS for t in fixed[:-1]) if at_end else fixed[-1:] and fixed[-1] in SEPARATORS
    return bool(words) and ((len(words) >= 3 and not at_end) or (bool(parted) and max(map(len, words)) >= 2))


def _is_form(start: Tokens, line: Line) -> bool:
    """Whether a line is fixed from end to end but for numbers, and says something."""
    words = [t for t in start if t[0].isalpha()]
    return len(start) == len(line.tokens) and len(words) < len(start) and len(words) + bool(SEPARATORS & set(start)) >= 2


Groups = dict[tuple[Tokens, Tokens], list[tuple[Line, int]]]


def _without_changing(groups: Groups, least: int) -> Groups:
    """Where one part varies beside a strong one, the strong one alone is the template."""
    beside: dict[tuple[Tokens, bool], Counter[Tokens]] = defaultdict(Counter)
    for (start, end), group in groups.items():
        n = sum(n for _, n in group)
        beside[start, False][end] += n
        beside[end, True][start] += n
    merged: Groups = defaultdict(list)
    for (start, end), group in groups.items():
        if start and end and is_strong(start, at_end=False) and _varies(beside[start, False], end, at_end=True, least=least):
            end = ()
        elif start and end and is_strong(end, at_end=True) and _varies(beside[end, True], start, at_end=False, least=least):
            start = ()
        merged[start, end] += group
    return merged


def _varies(beside: Counter[Tokens], part: Tokens, *, at_end: bool, least: int) -> bool:
    """Whether what stands beside a strong part is not fixed itself: there are many such, or a weak one of several."""
    total = beside.total()
    if not is_strong(part, at_end=at_end):
        return beside[part] < BRANCH_SHARE * total
    often = [n for other, n in beside.items() if other and n >= least]
    return len(often) > MOST_BRANCHES or sum(often) < BRANCH_SHARE * total


def _template(start: Tokens, end: Tokens, group: Sequence[tuple[Line, int]], total: int) -> Candidate | None:
    line = min(group, key=lambda g: (g[0].text, g[1]))[0]
    share = min(1.0, sum(n for _, n in group) / total)
    longest = max(len(g.text.split()) for g, _ in group)
    max_words = longest + max(4, longest // 2)
    masked = any(t in (NUMBER, MONTH) for t in start + end)
    if len({g.text for g, _ in group}) < 2:
        return None
    if start and not end and not masked and len(start) < len(line.tokens):
        return Candidate(" ".join(line.text[: line.spans[len(start) - 1][1]].split()), PhraseMatch.START, "", (), max_words, share)
    if end and not start and not masked:
        return Candidate(" ".join(line.text[line.spans[-len(end)][0] :].split()), PhraseMatch.END, "", (), max_words, share)
    words = [t for t in start + end if t[0].isalpha()]
    gap = max(len(g.text) for g, _ in group)
    complete = len(start) + len(end) >= len(line.tokens)
    middle = "" if complete else f".{{1,{-(-gap * 3 // 20) * 10}}}?"
    size = len(line.tokens) - len(end)
    before = _written(line, range(len(start)), start)
    after = _written(line, range(size, len(line.tokens)), end)
    return Candidate("", PhraseMatch.WHOLE, f"^{before}{middle}{after}$", (max(words, key=lambda w: (len(w), w)),), max_words, share)


def _written(line: Line, places: Iterable[int], tokens: Tokens) -> str:
    """A pattern for tokens of a line, with white space where the line has some."""
    parts: list[str] = []
    for place, token in zip(places, tokens):
        spaced = place > 0 and line.spans[place - 1][1] < line.spans[place][0]
        parts.append(r"\s+" if spaced and parts else r"\s*" if place > 0 else "")
        parts.append({NUMBER: r"\p{N}+", MONTH: r"\p{L}+"}.get(token, regex.escape(token, special_only=True)))
    return "".join(parts)
