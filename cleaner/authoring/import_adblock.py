"""Cosmetic rules of EasyList and uBlock Origin as site rule files.

`domain##selector` says that an element is hidden on a site; so it goes there. Rules for all sites, exceptions
(`#@#`) with what they except, styles and scripts are not carried over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import regex

from cleaner.authoring.import_report import Fate, Imported, Outcome
from cleaner.authoring.write_rules import write_tables
from cleaner.errors import PatternError
from cleaner.host import host_name
from cleaner.pattern import compile_pattern
from cleaner.selectors import check_selector

COSMETIC = regex.compile(r"(?P<domains>[^#\s]*)(?P<sign>#@?[?$%]*#)(?P<body>.+)")
# A selector with words of which the element's text has one, and perhaps a number of steps up, at its end.
HAS_TEXT = regex.compile(r"(?P<css>.+?):(?:has-text|-abp-contains|contains)\((?P<text>(?:[^()\\]|\\.)+)\)(?::upward\((?P<up>\d+)\))?")
UPWARD = regex.compile(r"(?P<css>.+?):upward\((?:(?P<up>\d+)|(?P<closest>[^()\d][^()]*))\)")
PROCEDURES = regex.compile(r":(?:has-text|-abp-|contains\(|upward|xpath|matches-|min-text|watch-attr|remove|style|others|if\(|if-not)")
HOST = regex.compile(r"(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,}")


def import_adblock(texts: Iterable[tuple[str, str]]) -> list[Imported]:
    """All lists, by file name and text, as one file a domain, sorted by domain. Needs the extra `rules`.

    Lines for all sites, and network filters, belong to no domain: their outcomes stand with the list, without a path.
    """
    lists = [(name, list(_rules(text))) for name, text in texts]
    excepted = {
        (domain, body) for _, rules in lists for _, domains, sign, body in rules if sign.startswith("#@") for domain in domains or [""]
    }
    by_domain: dict[str, list[tuple[dict[str, Any] | str, Outcome]]] = {}
    strays: dict[str, list[Outcome]] = {}
    for name, rules in lists:
        for line, domains, sign, body in rules:
            said = f"{','.join(domains)}{sign}{body}"
            table, fate, reason = _table(sign, body)
            if not domains or sign.startswith("#@"):
                reason = "an exception, kept out" if sign.startswith("#@") else "for all sites"
                strays.setdefault(name, []).append(Outcome(name, line, sign, said, Fate.FOREIGN, reason))
                continue
            negated = [d[1:] for d in domains if d.startswith("~")]
            for domain in domains:
                if domain.startswith("~"):
                    continue
                one, why, end = table, reason, fate
                if any(n.endswith(f".{domain}") for n in negated):
                    one, end, why = "", Fate.LOST, "not on some subdomains"
                elif not HOST.fullmatch(domain):
                    one, end, why = "", Fate.LOST, "no single domain"
                elif (domain, body) in excepted or ("", body) in excepted:
                    one, end, why = "", Fate.FOREIGN, "an exception, kept out"
                by_domain.setdefault(domain, []).append((one, Outcome(name, line, sign, f"{domain}{sign}{body}", end, why)))
            if all(d.startswith("~") for d in domains):
                strays.setdefault(name, []).append(Outcome(name, line, sign, said, Fate.FOREIGN, "for all sites"))
    return [
        *(_file(domain, entries, [name for name, _ in lists]) for domain, entries in sorted(by_domain.items())),
        *(Imported(name, "", "", tuple(outcomes)) for name, outcomes in sorted(strays.items())),
    ]


def _rules(text: str) -> Iterator[tuple[int, list[str], str, str]]:
    """The cosmetic rules of a list: line, domains, sign and body."""
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        found = None if line.startswith(("!", "[")) else COSMETIC.fullmatch(line)
        if found:
            domains = [d.strip() for d in found["domains"].split(",") if d.strip()]
            yield (
                number,
                ["~" + host_name(d[1:]) if d.startswith("~") else host_name(d) for d in domains],
                found["sign"],
                found["body"].strip(),
            )


def _table(sign: str, body: str) -> tuple[dict[str, Any] | str, Fate, str]:
    """A `[[remove]]` table, or the selector alone; fate and reason.

    >>> _table("#?#", "p:has-text(Share this):upward(1)")
    ({'select': 'p', 'contains': 'Share this', 'up': 1}, <Fate.KEYS: 'css and keys'>, '')
    """
    if sign not in ("##", "#?#", "#@#", "#@?#") or body.startswith(("+js(", "^", "script:inject")):
        return "", Fate.FOREIGN, "a script, a style or a filter of the page's source"
    keys: dict[str, Any] = {}
    css = body.replace(":-abp-has(", ":has(")
    if (text := HAS_TEXT.fullmatch(css)) and not PROCEDURES.search(text["css"]):
        css, said = text["css"], text["text"]
        pattern = regex.fullmatch(r"/(.*)/(i?)", said, regex.DOTALL)
        if pattern:
            keys["pattern"] = pattern[1] if pattern[2] else f"(?-i:{pattern[1]})"
        else:
            keys["contains"] = regex.sub(r"\\(.)", r"\1", said)
        if text["up"]:
            keys["up"] = int(text["up"])
    elif (above := UPWARD.fullmatch(css)) and not PROCEDURES.search(above["css"]):
        css = above["css"]
        if above["closest"]:
            # The page's own meaning is strictly above; closest would begin with the element itself.
            return "", Fate.LOST, "the nearest element above of a kind"
        keys["up"] = int(above["up"])
    if PROCEDURES.search(css):
        return "", Fate.LOST, "a procedure that a selector cannot say"
    if check_selector(css) or not _compiles(keys.get("pattern", "")):
        return "", Fate.LOST, "a selector or pattern that cannot be read here"
    return ({"select": css, **keys}, Fate.KEYS, "") if keys else (css, Fate.CSS, "")


def _compiles(pattern: str) -> bool:
    try:
        compile_pattern(pattern)
    except PatternError:
        return False
    return True


def _file(domain: str, entries: list[tuple[dict[str, Any] | str, Outcome]], lists: list[str]) -> Imported:
    short = list(dict.fromkeys(table for table, _ in entries if isinstance(table, str) and table))
    long: list[dict[str, Any]] = []
    for table, _ in entries:
        if isinstance(table, dict) and table not in long:
            long.append(table)
    toml = (
        write_tables({"source": f"Cosmetic rules of {', '.join(lists)}"}, {"remove": short} if short else {}, long) if short or long else ""
    )
    return Imported(domain, f"sites/{domain}.toml", toml, tuple(outcome for _, outcome in entries))


def adblock_lists(source: Path) -> list[tuple[str, str]]:
    """The lists in a folder (its .txt files), or one list, by file name; sorted."""
    paths = sorted(source.rglob("*.txt")) if source.is_dir() else [source]
    return [(path.name, path.read_text(encoding="utf-8-sig", errors="replace")) for path in paths]
