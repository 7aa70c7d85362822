"""Rules' patterns, ready to search with: by PCRE2, which compiles and searches in a fraction of `regex`'s time.

Both find the same, so that a rule need not know which of them searches. `regex` takes what PCRE2 does not: the few
patterns that it refuses, very long texts, what takes it too many steps, and everything where it is not installed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import regex

from cleaner.errors import PatternError
from cleaner.pattern_dialect import AGAIN, ALL_LETTERS, DOTTED_AND_DOTLESS, Untranslated, translated

try:
    import pcre2
except ImportError:
    pcre2 = None

# A search that takes longer is given up.
TIMEOUT_SECONDS = 0.2
# PCRE2 knows no clock: after so many steps from one place in the text it leaves it to `regex`, which has one. Of more
# than a hundred thousand searches in articles by the shipped rules not one took so many.
STEPS = 10_000
# Nor does it count the places: so a text with more of them is not for it.
LONGEST = 4_000
# Full case-folding, where "ß" is "ss" and "ﬁ" is "fi", makes a class repeated take exponential time.
WITHOUT_FULL_FOLDING = "(?-f)"
# UTF-8 has no half characters: for a search they become what is of no class either.
HALVES = regex.compile(r"[\ud800-\udfff]")
NO_CHARACTER = "\uffff"
# To PCRE2 alone the first is white space; in all else the second is the same.
VOWEL_SEPARATOR, NO_SPACE = "\u180e", "\u200b"


def _innermost() -> tuple[Any, Any]:
    """The package's innermost search and its context: the public search takes ten times as long to say that there is no match.

    None where they are not as they are known here.
    """
    try:
        from pcre2 import _cy

        context = _cy.create_match_context()
        code = pcre2.compile("é.")._pcre2_code
        found = [_cy.match(code, text, len(text), 0, context, 0)[0] is not None for text in ("aéa", "aaé", "")]
    except Exception:  # a package of another making may raise anything
        return None, None
    return (_cy.match, context) if found == [True, False, False] else (None, None)


INNERMOST, CONTEXT = _innermost()


class Found(NamedTuple):
    """A match at `start`..`end` of the text, and its named groups that are not empty."""

    start: int
    end: int
    fields: dict[str, str]


class Subject:
    """A text to search in, looked at once for all patterns: `ready` as PCRE2 is to see it, None where it is too long for PCRE2."""

    __slots__ = ("anywhere", "length", "ready", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.length = len(text)
        self.ready = encodable(text) if self.length <= LONGEST else None
        # Whether İ or ı is in it.
        self.anywhere = not text.isascii() and ("İ" in text or "ı" in text)


class Pattern:
    """A pattern of a rule file, in the syntax of `regex` (version 1); blind to case unless `case`.

    Compiled for an engine when that engine is first needed. Every search raises TimeoutError where it takes too long, and
    PatternError for a faulty pattern.
    """

    def __init__(self, pattern: str, case: bool) -> None:
        self.pattern = pattern
        self.case = case
        self.may_have_names = "<" in pattern

    def __reduce__(self) -> tuple[Callable[..., Pattern], tuple[str, bool]]:
        # What is compiled stays in its process.
        return Pattern, (self.pattern, self.case)

    def search(self, text: str | Subject) -> Found | None:
        """The first match in `text`."""
        subject = text if isinstance(text, Subject) else Subject(text)
        engine = self._pcre2(subject)
        if engine is not None:
            try:
                hit = engine.search(subject.ready)
                return self._found(hit, subject.text) if hit else None
            except pcre2.LibraryError:
                pass
        hit = self.by_regex.search(subject.text, timeout=TIMEOUT_SECONDS)
        return self._found(hit, subject.text) if hit else None

    def find_all(self, text: str | Subject) -> list[Found]:
        """All matches in `text`, in order; none overlaps another."""
        subject = text if isinstance(text, Subject) else Subject(text)
        engine = self._pcre2(subject)
        if engine is not None:
            try:
                return [self._found(hit, subject.text) for hit in engine.finditer(subject.ready)]
            except pcre2.LibraryError:
                pass
        return [self._found(hit, subject.text) for hit in self.by_regex.finditer(subject.text, timeout=TIMEOUT_SECONDS)]

    def _pcre2(self, subject: Subject) -> Any:
        """The pattern as PCRE2 is to search for it in a text; None where `regex` is to."""
        if subject.ready is None:
            return None
        return self.by_pcre2_anywhere if subject.anywhere else self.by_pcre2

    @cached_property
    def by_pcre2(self) -> Any:
        """The pattern compiled for texts that have neither İ nor ı; None where PCRE2 cannot."""
        return self._compiled(DOTTED_AND_DOTLESS)

    @cached_property
    def by_pcre2_anywhere(self) -> Any:
        """The pattern compiled for all texts; None where PCRE2 cannot."""
        return self._compiled(ALL_LETTERS)

    @cached_property
    def by_regex(self) -> regex.Pattern[str]:
        """The pattern compiled by `regex`. Raises PatternError for a faulty one."""
        try:
            return regex.compile(WITHOUT_FULL_FOLDING + self.pattern, regex.VERSION1 | (0 if self.case else regex.IGNORECASE))
        except regex.error as error:
            raise PatternError(str(error)) from None
        except RecursionError:
            raise PatternError("groups within groups, too deep") from None

    def may_match(self, subject: Subject) -> bool:
        """False where there is surely no match, which is told in a fraction of the time that a search takes."""
        code = self.code
        if code is None or subject.ready is None or subject.anywhere:
            return True
        try:
            return INNERMOST(code, subject.ready, subject.length, 0, CONTEXT, 0)[0] is not None
        except pcre2.LibraryError:
            return True

    @cached_property
    def code(self) -> Any:
        """What the innermost search takes for texts that have neither İ nor ı; None where it is not to be asked."""
        return None if INNERMOST is None or self.by_pcre2 is None else self.by_pcre2._pcre2_code

    def _found(self, hit: Any, text: str) -> Found:
        """A match of either engine, its groups cut from the text as it was."""
        start, end = hit.span()
        if not self.may_have_names:
            return Found(start, end, {})
        spans = sorted((hit.span(name), name.partition(AGAIN)[0]) for name in hit.re.groupindex)
        # Of several groups of one name the one that matched last counts.
        last = {name: text[span[0] : span[1]] for span, name in spans if span[0] >= 0}
        return Found(start, end, {name: value for name, value in last.items() if value})

    def _compiled(self, letters: Mapping[int, str]) -> Any:
        if pcre2 is None:
            return None
        try:
            written = translated(self.pattern, case=self.case, letters=letters)
            return pcre2.compile(f"(*LIMIT_MATCH={STEPS})(*LF){written}", 0 if self.case else pcre2.IGNORECASE)
        except (Untranslated, pcre2.LibraryError):
            return None


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str, *, case: bool = False) -> Pattern:
    r"""A pattern of a rule file, ready to search with; blind to case unless `case`.

    Raises PatternError for a faulty one, the same whatever is installed.

    >>> compile_pattern(r"(?<agency>\w+)\)$").search("Lomvik (Nordbote)")
    Found(start=8, end=17, fields={'agency': 'Nordbote'})
    """
    found = Pattern(pattern, case)
    if found.by_pcre2 is None:
        _ = found.by_regex
    return found


def encodable(text: str) -> str:
    """`text` of the same length, as PCRE2 is to see it.

    >>> encodable("a\\ud800\\u180eb") == "a\\uffff\\u200bb"
    True
    """
    if text.isascii():
        return text
    if VOWEL_SEPARATOR in text:
        text = text.replace(VOWEL_SEPARATOR, NO_SPACE)
    try:
        # PCRE2 asks for this form too, and the text keeps it.
        text.encode()
    except UnicodeEncodeError:
        text = HALVES.sub(NO_CHARACTER, text)
    return text
