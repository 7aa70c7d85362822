"""The few things a caller can choose, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cleaner.errors import OptionError


class Focus(StrEnum):
    """What to favour where the scorer is in doubt: a threshold and nothing else."""

    BALANCED = "balanced"
    PRECISION = "precision"  # rather lose a line than keep junk
    RECALL = "recall"  # rather keep junk than lose a line


class SecondOpinion(StrEnum):
    """When trafilatura is asked about an HTML page."""

    NEEDED = "needed"  # where almost nothing of the page would be left
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a cleaning. Raises OptionError for a value that is not allowed.

    `site` is the domain whose rule file is used, where the article has no URL or its URL should not decide.
    """

    focus: Focus = Focus.BALANCED
    second_opinion: SecondOpinion = SecondOpinion.NEEDED
    lang: str = ""
    site: str = ""

    def __post_init__(self) -> None:
        for name, enum in (("focus", Focus), ("second_opinion", SecondOpinion)):
            value = getattr(self, name)
            try:
                object.__setattr__(self, name, enum(value))
            except ValueError:
                raise OptionError(f"{name} = {value!r} is not one of {', '.join(enum)}") from None
