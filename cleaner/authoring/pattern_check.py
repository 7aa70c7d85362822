"""What can be wrong with a rule's pattern before any text is looked at, and how long it can take at worst."""

from __future__ import annotations

import time
from collections.abc import Iterator

from cleaner.authoring.finding import Level, Problem
from cleaner.errors import PatternError
from cleaner.match import WORD_CHARS
from cleaner.pattern import TIMEOUT_SECONDS
from cleaner.rule import Rule

# Blocks are seldom longer than this.
LONG_BLOCK = 4000
# What an input is filled up with: pieces that most character classes take, alone and as words.
PIECES = ("a", "A", "1", " ", ".", "-", "a ", "Ab ", "1 ", "a, ", ". ", "é", "中", "a1 |", "a:", "(a) ")
# Hits from which inputs are made.
HITS_TRIED = 2
SHOWN = 40


def check_pattern(rule: Rule) -> Iterator[Problem]:
    """What is wrong with the pattern itself. Rules of phrases have none of their own."""
    given = rule.pattern_or_phrases
    if not isinstance(given, str):
        return
    try:
        pattern = rule.compiled
        # What PCRE2 alone takes is no pattern where it is not installed.
        _ = pattern.by_regex
    except PatternError as error:
        yield Problem(f"the pattern does not compile: {error}; write \\ before a character that is meant literally", "pattern")
        return
    if pattern.search(""):
        yield Problem("the pattern matches the empty string, so it would match every block: ask for at least one character", "pattern")
    yield from _check_anchors(given)
    yield from _check_time(rule)


def _check_anchors(pattern: str) -> Iterator[Problem]:
    branches = split_alternatives(pattern)
    opens = [b.startswith("^") for b in branches]
    closes = [b.endswith("$") and not b.endswith("\\$") for b in branches]
    if len(branches) < 2 or all(opens) or all(closes):
        return
    if opens[0] and closes[-1] and not any(opens[1:]) and not any(closes[:-1]):
        yield Problem(
            f"'^' holds for {_short(branches[0])} alone and '$' for {_short(branches[-1])} alone; to tie all the alternatives "
            "write ^(?:a|b)$, to tie each as it is meant write ^ and $ in each",
            "pattern",
        )
    elif (opens[0] and not any(opens[1:]) and not any(closes)) or (closes[-1] and not any(closes[:-1]) and not any(opens)):
        anchor, alone = ("^", branches[0]) if opens[0] else ("$", branches[-1])
        yield Problem(f"'{anchor}' holds for {_short(alone)} alone, not for the other alternatives; group them: (?:a|b)", "pattern", level=Level.WARNING)


def split_alternatives(pattern: str) -> list[str]:
    """A pattern's alternatives outside of all groups.

    >>> split_alternatives("^a(b|c)|[|]|d$")
    ['^a(b|c)', '[|]', 'd$']
    """
    branches = [""]
    depth = sets = 0
    at = 0
    while at < len(pattern):
        piece = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
        at += len(piece)
        if piece == "[":
            sets += 1
        elif piece == "]" and sets:
            sets -= 1
        elif not sets and piece in "()":
            depth += 1 if piece == "(" else -1
        if piece == "|" and not sets and depth == 0:
            branches.append("")
        else:
            branches[-1] += piece
    return branches


def _check_time(rule: Rule) -> Iterator[Problem]:
    """Search inputs that invite backtracking, with the limits that real blocks have."""
    for text, shown in hard_inputs(rule):
        seconds = _seconds(rule, text)
        if seconds >= TIMEOUT_SECONDS:
            seconds = _seconds(rule, text)  # the first search is slower
        if seconds >= TIMEOUT_SECONDS:
            yield Problem(
                f"the pattern takes over {seconds:.1f} s on {shown}: it tries too many ways; give repetitions a limit ({{0,40}} for *), "
                "and let no two neighbours match the same characters",
                "pattern",
            )
            return


def _seconds(rule: Rule, text: str) -> float:
    """How long a search takes, in CPU time, as the limit counts it."""
    began = time.process_time()
    try:
        rule.compiled.search(text)
    except TimeoutError:
        return max(time.process_time() - began, TIMEOUT_SECONDS)
    return min(time.process_time() - began, 0.99 * TIMEOUT_SECONDS)


def hard_inputs(rule: Rule) -> Iterator[tuple[str, str]]:
    """Texts on which a pattern may take long, each with words that describe it; the same ones for the same rule.

    A hit wakes the rule; around it stands what repeats, as long as a block may be that the rule is tried on, and at
    the end something that most patterns do not expect.
    """
    longest = WORD_CHARS * rule.max_words + 20 if rule.max_words else LONG_BLOCK
    spaces = rule.max_words - 1 if rule.max_words else LONG_BLOCK
    for hit in rule.hit[:HITS_TRIED]:
        words = hit.split()
        own = (hit + " ", words[0] + " ", words[-1], hit[: len(hit) // 2]) if words else ()
        for piece in (*PIECES, *own):
            free = longest - len(hit) - 3
            times = min(free // max(len(piece), 1), max(spaces - hit.count(" "), 0) // max(piece.count(" "), 1) if " " in piece else free)
            if times < 2 or not piece:
                continue
            many = piece * times
            told = f"{_short(hit)} and {times} times {_short(piece)}"
            yield f"{hit[: len(hit) // 2]}{many}{hit[len(hit) // 2 :]}\u00a7", f"{told} in the middle of it"
            yield f"{hit}{many}\u00a7", f"{told} after it"
            yield f"{many}{hit}\u00a7", f"{told} before it"


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")
