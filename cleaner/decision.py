"""What was decided of a document: the blocks that go, and the cuts inside those that stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.characters import Bools
from cleaner.kinds import Kind
from cleaner.removal import Removal
from cleaner.site_evidence import SiteEvidence


class Verdict(NamedTuple):
    """Why a whole block goes."""

    kind: Kind
    rule: str
    why: str | Callable[[], str]


@dataclass
class Decision:
    """`gone` maps blocks that go to why; `spans` are cuts inside kept blocks; `protected` blocks stay, and
    `subheadings`, found under a label, need more than the scorer's usual doubt to go.

    `site` is what of the site's evidence is used. `container` says of each of the n blocks whether it is inside the element that the site's rules name as the
    body, None where no such element is used. `warnings` are sentences for the result.
    """

    gone: dict[int, Verdict] = field(default_factory=dict)
    spans: list[Removal] = field(default_factory=list)
    protected: set[int] = field(default_factory=set)
    subheadings: set[int] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)
    site: SiteEvidence | None = None
    container: Bools | None = None
    warnings: list[str] = field(default_factory=list)
