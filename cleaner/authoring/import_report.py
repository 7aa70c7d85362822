"""What became of each expression of rules that were imported from elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """How an expression was carried over, or why not."""

    CSS = "css"
    KEYS = "css and keys"
    XPATH = "xpath"
    LOST = "not carried over"
    FOREIGN = "not for a cleaner"


@dataclass(frozen=True)
class Outcome:
    """One expression of one file. `reason` says why it was not carried over; `line` counts from 1."""

    file: str
    line: int
    directive: str
    value: str
    fate: Fate
    reason: str = ""


@dataclass(frozen=True)
class Imported:
    """One source file: where its rules go, relative to the rules folder, their TOML ("" where there are none), and the outcomes."""

    file: str
    path: str
    toml: str
    outcomes: tuple[Outcome, ...]

    @property
    def state(self) -> str:
        """whole | part | not | empty (nothing in it is for a cleaner)"""
        lost = sum(o.fate is Fate.LOST for o in self.outcomes)
        kept = sum(o.fate in (Fate.CSS, Fate.KEYS, Fate.XPATH) for o in self.outcomes)
        if not kept:
            return "not" if lost else "empty"
        return "part" if lost else "whole"


def report(imported: Sequence[Imported]) -> dict[str, Any]:
    """The counts, and every expression that was not carried over, as JSON takes it."""
    outcomes = [o for one in imported for o in one.outcomes]
    fates = Counter(o.fate for o in outcomes)
    kept = sum(fates[f] for f in (Fate.CSS, Fate.KEYS, Fate.XPATH))
    states = Counter(one.state for one in imported)
    meant = len(imported) - states["empty"]
    return {
        "files": len(imported),
        "files by state": {state: states[state] for state in ("whole", "part", "not", "empty")},
        "share of files carried over": round((states["whole"] + states["part"]) / max(1, meant), 4),
        "expressions": len(outcomes),
        "expressions by fate": {str(fate): fates[fate] for fate in Fate},
        "share of expressions carried over": round(kept / max(1, kept + fates[Fate.LOST]), 4),
        "reasons": dict(
            sorted(
                Counter(f"{o.directive}: {o.reason.split(' | ')[0]}" for o in outcomes if o.fate is Fate.LOST).items(),
                key=lambda i: (-i[1], i[0]),
            )
        ),
        "not carried over": [
            {"file": o.file, "line": o.line, "directive": o.directive, "value": o.value, "reason": o.reason.replace(" | ", ": ")}
            for o in outcomes
            if o.fate is Fate.LOST
        ],
    }


def summary(figures: dict[str, Any]) -> str:
    """The report's counts as lines of text."""
    files, fates = figures["files by state"], figures["expressions by fate"]
    lines = [
        f"{figures['files']} file{'s' if figures['files'] != 1 else ''}: {files['whole']} carried over whole, {files['part']} in part, {files['not']} not, "
        f"{files['empty']} with nothing for a cleaner ({figures['share of files carried over']:.1%})",
        f"{figures['expressions']} expressions: "
        + ", ".join(f"{count} {fate}" for fate, count in fates.items())
        + f" ({figures['share of expressions carried over']:.1%} of those for a cleaner carried over)",
    ]
    return "\n".join([*lines, *(f"  {count:5} not carried over: {reason}" for reason, count in figures["reasons"].items())])
