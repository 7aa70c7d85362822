"""Find the damage that scraping does to characters. Nothing is changed here: each repair is a span."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import ftfy
from ftfy.badness import is_bad
from ftfy.chardata import CHARMAP_ENCODINGS

from cleaner.native import compiled_characters

# Joiners (U+200C, U+200D) are letters' business in Persian, Hindi and emoji, and stay.
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]+")
ODD_SPACE = re.compile("[\u00a0\u2000-\u200a\u202f\u205f]+")
# In these scripts U+200B marks where a line may break.
BREAKS_WORDS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
# All that either of them finds.
DAMAGE = "\u00a0\u00ad\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u2060\ufeff"
MAYBE_DAMAGED = re.compile(f"[{DAMAGE}]")
MOJIBAKE = ftfy.TextFixerConfig(
    unescape_html=False, remove_terminal_escapes=False, fix_latin_ligatures=False, fix_character_width=False,
    uncurl_quotes=False, fix_line_breaks=False, remove_control_chars=False, normalization=None,
)  # fmt: skip


class Repair(NamedTuple):
    """Put `replacement` in the place of `start`..`end`, offsets into the text that was looked at."""

    start: int
    end: int
    replacement: str
    reason: str


# Long texts are mended a stretch of words at a time: finding what changed is quadratic in a stretch's length.
STRETCH_CHARS = 1500
STRETCH = re.compile(rf"(?s).{{1,{STRETCH_CHARS}}}(?=\s|\Z)|.{{1,{STRETCH_CHARS}}}")


def _behind(lead: str) -> str:
    """The characters that stand behind a lead where UTF-8 was read in one of the charsets that ftfy knows: what bytes 80 to BF
    are in each that has the lead for a byte which begins a character, and in Latin-1, which is mixed into others."""
    charsets = ["latin-1"] + [name for name in CHARMAP_ENCODINGS if "\xc2" <= lead.encode(name, "replace").decode("latin-1") <= "\xf4"]
    read = {character for name in charsets for character in bytes(range(0x80, 0xC0)).decode(name, "ignore")}
    return "".join(sorted(character for character in read if character > "\x7f"))


# What UTF-8 read as another charset begins with, and what may stand behind each: a look that costs little before ftfy's costly one.
LEADS = {lead: _behind(lead) for lead in "ÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑâãäåæçèéêëìíîïðāăĂĎĐвгдРСГДΓ"}
SUSPICIOUS = re.compile("|".join(f"{lead}[{re.escape(behind)}]" for lead, behind in LEADS.items()))
# What a look at a text tells: whether a character of DAMAGE is in it, and one of LEADS before one of those behind it.
DAMAGED, SUSPECT = 1, 2


def look_in_python(text: str) -> int:
    """DAMAGED, SUSPECT, both or neither."""
    if text.isascii():
        return 0
    return (DAMAGED if MAYBE_DAMAGED.search(text) else 0) | (SUSPECT if SUSPICIOUS.search(text) else 0)


look: Callable[[str], int] = look_in_python if compiled_characters is None else compiled_characters.Look(DAMAGE, LEADS).at


def find_repairs(text: str, *, sound: bool = False) -> list[Repair]:
    """Repairs of one block's text, in order, none overlapping. `sound`: `mended` has found nothing in it.

    >>> find_repairs("a\\u00a0b")
    [Repair(start=1, end=2, replacement=' ', reason='non-breaking or odd space')]
    """
    seen = look(text)
    if not seen:
        return []
    # `mended` looks at the whole of it, which is here one stretch.
    found = list(_mojibake(text)) if seen & SUSPECT and not (sound and len(text) <= STRETCH_CHARS) else []
    if seen & DAMAGED:
        taken = [(r.start, r.end) for r in found]
        found += [r for r in _spaces(text) if not any(s < r.end and r.start < e for s, e in taken)]
    return sorted(found)


def _spaces(text: str) -> Iterator[Repair]:
    for odd in ODD_SPACE.finditer(text):
        yield Repair(odd.start(), odd.end(), " ", "non-breaking or odd space")
    for hidden in INVISIBLE.finditer(text):
        beside = text[max(hidden.start() - 1, 0) : hidden.end() + 1]
        if not BREAKS_WORDS.search(beside):
            yield Repair(hidden.start(), hidden.end(), "", "invisible character")


def _mojibake(text: str) -> Iterator[Repair]:
    """Where ftfy reads the text as UTF-8 that was decoded as something else."""
    for stretch in STRETCH.finditer(text):
        yield from _mend_stretch(stretch[0], stretch.start())


def _mend_stretch(text: str, offset: int) -> Iterator[Repair]:
    fixed = ftfy.fix_encoding(text, MOJIBAKE) if is_bad(text) else text
    if fixed == text:
        return
    for tag, start, end, low, high in SequenceMatcher(None, text, fixed, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Repair(offset + start, offset + end, fixed[low:high], "text decoded in the wrong charset")


def mended(text: str) -> str:
    """`text` with its mojibake put right, for matching rules against; most often `text` itself."""
    if not look(text) & SUSPECT or not is_bad(text):
        return text
    return ftfy.fix_encoding(text, MOJIBAKE)


def all_mended(texts: Sequence[str], source: str) -> Sequence[str]:
    """`mended` of each text; all of them stand in `source`, which is looked at first."""
    return [mended(text) for text in texts] if look(source) & SUSPECT else texts
