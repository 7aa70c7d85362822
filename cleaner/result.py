"""What a cleaning gives back: the article, the account of what was removed, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from html import escape
from typing import NamedTuple

from cleaner.block import Document
from cleaner.removal import Removal
from cleaner.render import Paragraph, kept_pieces, paragraphs, weave

HEADINGS = {f"h{level}": level for level in range(1, 7)}


class Role(StrEnum):
    """What became of a block."""

    BODY = "body"
    TITLE = "title"
    REMOVED = "removed"


class CleanBlock(NamedTuple):
    """A block of the source and what became of it; `score` is the scorer's body score."""

    text: str
    tag: str
    start: int
    end: int
    role: Role
    score: float


class Counted(NamedTuple):
    """What is known by number of a source's n blocks.

    `words` are each one's words, with each pair of neighbouring characters of a script without spaces as one, and `unspaced`
    those characters. `verdicts` are kind and rule of the blocks that were removed whole, `unread` the blocks of
    which nothing was counted.
    """

    words: list[int]
    unspaced: list[int]
    verdicts: dict[int, tuple[str, str]]
    unread: tuple[int, ...] = ()


@dataclass(frozen=True)
class Metadata:
    """What the article says of itself; None where it says nothing. `date` is ISO 8601 where it could be read."""

    byline: str | None = None
    date: str | None = None
    agency: str | None = None
    source: str | None = None
    site: str | None = None
    language: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class CleanResult:
    """A cleaned article.

    `source` is the text that all offsets count in: the input itself for stored text, the blocks' texts in
    order for HTML. `confidence` is between 0 and 1. `warnings` are sentences, empty when all went well. `spans`
    are the removals inside kept blocks; `account` gives all removals, which are written down when first asked for.
    `count` gives the numbers of the blocks.
    """

    title: str | None
    confidence: float
    warnings: tuple[str, ...]
    document: Document = field(repr=False)
    roles: tuple[Role, ...] = field(repr=False)
    scores: tuple[float, ...] = field(repr=False)
    spans: tuple[Removal, ...] = field(repr=False)
    account: Callable[[], tuple[Removal, ...]] = field(repr=False, compare=False)
    read_metadata: Callable[[], Metadata] = field(repr=False, compare=False)
    count: Callable[[], Counted] = field(default=partial(Counted, [], [], {}), repr=False, compare=False)

    def __getstate__(self) -> dict[str, object]:
        """What is pickled: the account itself and the numbers in the place of what writes them."""
        return {**self.__dict__, "account": partial(tuple, self.removals), "count": partial(Counted, *self.counted)}

    @cached_property
    def removals(self) -> tuple[Removal, ...]:
        """Everything that was left out, in the order of the source."""
        return self.account()

    @cached_property
    def counted(self) -> Counted:
        """The numbers of all blocks."""
        return self.count()

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """The body's paragraphs in order."""
        body = Role.BODY
        return paragraphs(self.document, self.spans, [role is body for role in self.roles])

    @cached_property
    def text(self) -> str:
        """The body: its paragraphs joined by a blank line."""
        return "\n\n".join([p.text for p in self.paragraphs])

    @cached_property
    def metadata(self) -> Metadata:
        """Byline, date and so on; read when first asked for."""
        return self.read_metadata()

    @property
    def source(self) -> str:
        """The text that offsets count in."""
        return self.document.text

    @cached_property
    def blocks(self) -> tuple[CleanBlock, ...]:
        """Every block of the source with what became of it."""
        return tuple(
            CleanBlock(self.source[b.start : b.end], b.tag, b.start, b.end, role, score)
            for b, role, score in zip(self.document.blocks, self.roles, self.scores)
        )

    def restore(self, removals: Iterable[Removal] | None = None) -> str:
        """Put removed pieces back.

        Without an argument: everything, which for stored text is the source character by character. With some
        of `self.removals`: the body's text as it reads with those put back.
        """
        if removals is None:
            return weave(kept_pieces(self.source, self.removals), self.removals)
        back = set(removals)
        unknown = back.difference(self.removals)
        if unknown:
            raise ValueError(f"restore() takes removals of this result; {next(iter(unknown))!r} is none of them")
        shown = [role is not Role.TITLE for role in self.roles]
        kept = paragraphs(self.document, [r for r in self.removals if r not in back], shown)
        return "\n\n".join(p.text for p in kept)

    def to_dict(self) -> dict[str, object]:
        """Everything but the source, as plain values for JSON."""
        return {
            "title": self.title,
            "text": self.text,
            "metadata": {k: v for k, v in self.metadata.__dict__.items() if v is not None},
            "confidence": round(self.confidence, 3),
            "warnings": list(self.warnings),
            "removals": [r.to_dict() for r in self.removals],
            "blocks": [{**b._asdict(), "role": str(b.role), "score": round(b.score, 3)} for b in self.blocks],
        }

    def to_text(self, *, title: bool = True) -> str:
        """The title, then the body."""
        return "\n\n".join(filter(None, (self.title if title else None, self.text)))

    def to_markdown(self, *, title: bool = True) -> str:
        """The article as Markdown: headings, lists and quotes as the page had them."""
        parts = [f"# {self.title}"] if title and self.title else []
        for p in self.paragraphs:
            parts.append(_markdown(p, self._tag(p)))
        return "\n\n".join(parts)

    def to_html(self, *, title: bool = True) -> str:
        """The article as plain HTML, nothing in it but headings, paragraphs, list items and quotes."""
        parts = [f"<h1>{escape(self.title)}</h1>"] if title and self.title else []
        open_list = False
        for p in self.paragraphs:
            tag = self._tag(p)
            if (tag == "li") != open_list:
                parts.append("<ul>" if tag == "li" else "</ul>")
                open_list = tag == "li"
            parts.append(f"<{tag}>{escape(p.text)}</{tag}>")
        if open_list:
            parts.append("</ul>")
        return "<article>\n" + "\n".join(parts) + "\n</article>"

    def _tag(self, paragraph: Paragraph) -> str:
        """The element a paragraph is written as: h2 … h6, li, blockquote, pre or p."""
        for node in self.document.ancestors(paragraph.block)[:3]:
            if node.tag in HEADINGS:
                return "h2" if node.tag == "h1" else node.tag
            if node.tag in ("li", "blockquote", "pre"):
                return node.tag
        return "p"


MARKDOWN_SPECIAL = str.maketrans({c: "\\" + c for c in "\\`*_[]<>"})


def _markdown(paragraph: Paragraph, tag: str) -> str:
    if tag == "pre":
        return f"```\n{paragraph.text}\n```"
    text = paragraph.text.translate(MARKDOWN_SPECIAL)
    if tag in HEADINGS:
        return "#" * HEADINGS[tag] + " " + text
    return {"li": "- ", "blockquote": "> "}.get(tag, "") + text
