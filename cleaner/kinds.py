"""The names for what can be removed, and where and how far a rule reaches."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a removed piece was. `BOILERPLATE` is what only the scorer condemned."""

    LEGAL = "legal"
    RELATED = "related"
    TEASER = "teaser"
    CAPTION = "caption"
    IMAGE = "image"
    BYLINE = "byline"
    DATELINE = "dateline"
    WIDGET = "widget"
    SOURCE = "source"
    AGENCY = "agency"
    DUPLICATE = "duplicate"
    FRAGMENT = "fragment"
    REPAIR = "repair"
    NEWSLETTER = "newsletter"
    SOCIAL = "social"
    AD = "ad"
    PAYWALL = "paywall"
    COMMENTS = "comments"
    NAV = "nav"
    TAGS = "tags"
    BOILERPLATE = "boilerplate"


class Scope(StrEnum):
    """How far a rule's match reaches."""

    BLOCK = "block"  # the whole block in which it matches
    SPAN = "span"  # only the matched characters
    REST = "rest"  # an end-of-article marker: this block and all that follows
    LABEL = "label"  # this block and the headlines of other stories under it
    THREAD = "thread"  # a line of readers' comments: sure, it begins them; likely, it stands at one of several


class Where(StrEnum):
    """In which part of the document a rule may match."""

    ANYWHERE = "anywhere"
    HEAD = "head"  # before the body has begun
    TAIL = "tail"  # little of the body follows
    AFTER_BODY = "after_body"  # enough of the body stands before


class Strength(StrEnum):
    """Whether a match decides alone, only where the scorer doubts the block too, or never: then it is one more
    thing that the scorer knows."""

    SURE = "sure"
    LIKELY = "likely"
    HINT = "hint"


class PhraseMatch(StrEnum):
    """Where in a block one of a rule's `phrases` must stand."""

    WHOLE = "whole"
    START = "start"
    END = "end"
    CONTAINS = "contains"
