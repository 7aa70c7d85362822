"""Find the headline, which is the result's title and no part of its body."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from cleaner.block import Document, Medium
from cleaner.native import compiled_page
from cleaner.rule import UNSPACED

SQUASH = re.compile(r"\W+")
# "Headline - Site" and "Headline | Site"
SITE_SUFFIX = re.compile(r"\s+[|/–—·•»\-:]+\s+[^|/–—·•»]{1,60}$")
SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]['\"”’»)]*$")
FULL_STOP = re.compile(r"[.。।۔…:;,]['\"”’»)\]]*$")
HEADLINE_WORDS = range(3, 31)
HEADLINE_CHARS = range(12, 220)
# How far into a document the headline may stand, in blocks that no rule took.
HEAD_BLOCKS = 3


class Title(NamedTuple):
    """The headline's text, "" where there is none, and the blocks that say it, the first of them first."""

    text: str
    blocks: tuple[int, ...]


def find_title(document: Document, texts: Sequence[str], removed: Collection[int]) -> Title:
    """The title of a document; `removed` are the blocks that rules took, which cannot be it."""
    if document.medium is Medium.HTML:
        return _of_page(document, texts, removed)
    return _of_text(texts, removed)


def squash(text: str) -> str:
    """Letters and digits alone, for comparing.

    >>> squash("A “Title”!") == squash("a title")
    True
    """
    letters: str = squash_by_pattern(text) if compiled_page is None else compiled_page.squash(text)
    return letters


def squash_by_pattern(text: str) -> str:
    """`squash` without the compiled loop."""
    return SQUASH.sub("", text).lower()


def strip_site(title: str) -> str:
    """A `<title>` without the site's name.

    >>> strip_site("Harbour bridge reopens after flood | The Tideway Post")
    'Harbour bridge reopens after flood'
    """
    shorter = SITE_SUFFIX.sub("", title)
    return shorter if len(shorter.split()) >= 3 or len(shorter) >= 15 else title


def _of_page(document: Document, texts: Sequence[str], removed: Collection[int]) -> Title:
    headings = [i for i, block in enumerate(document.blocks) if block.tag == "h1" and i not in removed]
    called = [squash(t) for t in document.said.titles]
    for i in headings:
        said = squash(texts[i])
        if said and any(said in name or (len(name) > 10 and name in said) for name in called):
            return Title(texts[i], _same(texts, said))
    if document.said.titles:
        text = strip_site(document.said.titles[0])
        return Title(text, _same(texts, squash(text)))
    return Title(texts[headings[0]], _same(texts, squash(texts[headings[0]]))) if headings else Title("", ())


def _same(texts: Sequence[str], said: str) -> tuple[int, ...]:
    if not said:
        return ()
    # Punctuation and spaces are at most about as much again as the letters.
    low, high = len(said), 2 * len(said) + 10
    return tuple([i for i, text in enumerate(texts) if low <= len(text) < high and _begins(text, said) and squash(text) == said])


def _begins(text: str, said: str) -> bool:
    """Whether the first letter is the same: a look that costs little before `squash`, which costs more."""
    for character in text:
        if character.isalnum() or character == "_":
            return character.lower()[:1] == said[:1]
    return False


def _of_text(texts: Sequence[str], removed: Collection[int]) -> Title:
    candidates = list(itertools.islice((i for i in range(len(texts)) if i not in removed), HEAD_BLOCKS))
    for i in candidates:
        if not looks_like_headline(texts[i]):
            continue
        following = next((j for j in range(i + 1, len(texts)) if j not in removed and len(texts[j]) > 1), None)
        if following is None or not _prose_follows(texts, i):
            continue
        same = _same(texts, squash(texts[i]))
        # The first block may say it once; another one is the headline only where it is repeated.
        if i == candidates[0] or len(same) > 1:
            return Title(texts[i], same)
    return Title("", ())


def looks_like_headline(text: str) -> bool:
    """Short, and no sentence of prose: a headline may ask or exclaim but does not end in a full stop."""
    words = len(text.split())
    spaced = words in HEADLINE_WORDS or (words <= 3 and len(text) >= 12 and not text.isascii())
    return spaced and len(text) in HEADLINE_CHARS and not FULL_STOP.search(text) and "\n" not in text and text[0] not in "*-•|#("


def _prose_follows(texts: Sequence[str], index: int) -> bool:
    return any(_is_prose(text) for text in texts[index + 1 : index + 12])


def _is_prose(text: str) -> bool:
    long = len(text)
    if long <= 120 and not text.isascii():
        # A character of a script without spaces says about as much as three letters.
        long += 2 * len(UNSPACED.findall(text[:200]))
    return long > 120 or (long > 60 and bool(SENTENCE_END.search(text[-8:])))
