"""What the tests of adapters share: invented articles, and a folder of rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

BODY = "The bridge over the Skel opened on Monday, two years later than the council of Skelby had promised, and nobody cut a ribbon."
MORE = "Mayor Ines Hollund, who had held the scissors for an hour, said that the wind was to blame and that the bridge stood."
TEXT = f"{BODY}\n\nADVERTISEMENT\n\n{MORE}\n\nAll rights reserved."
PAGE = f"<html><body><article><h1>Skelby bridge opens</h1><p>{BODY}</p><p>{MORE}</p></article></body></html>"
CLEAN = f"{BODY}\n\n{MORE}"
URL = "https://lomvik-herald.example/bridge"
NOTHING = "the column 'text' holds nothing, not an article"
RULE = """[[rule]]
id = "x"
kind = "widget"
lang = "*"
phrases = ["%s"]
match = "whole"
hit = ["%s"]
miss = ["Nothing of the kind was said."]
"""


def rows() -> list[dict[str, Any]]:
    """Three articles, the second of which cannot be cleaned."""
    return [{"id": 1, "url": URL, "text": TEXT}, {"id": 2, "url": None, "text": None}, {"id": 3, "url": URL, "text": BODY}]


def own_rules(folder: Path, phrase: str) -> str:
    """Make a folder of rules of which one removes `phrase`."""
    folder.mkdir(exist_ok=True)
    (folder / "mine.toml").write_text(RULE % (phrase, phrase))
    return str(folder)
