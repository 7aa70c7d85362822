"""Put a model's contributions into a sentence that a reader understands."""

from __future__ import annotations

from collections.abc import Mapping

from cleaner.class_words import NAMES
from cleaner.columns import Columns

# Features that say the same thing speak as one. First name: the group's sentence; then its features' prefixes.
SENTENCES: dict[str, tuple[str, ...]] = {
    "outside the article's container": ("in_main", "main_distance", "below_main", "core_", "prose_share", "same_as_core", "before_core", "after_core", "joined_"),
    "the blocks around it are no body": ("pass_prev", "pass_next", "pass_window", "pass_since", "pass_until", "pass_within", "pass_same", "prev", "next", "window", "rule_near"),
    "its words are those of boilerplate": ("word_", ),
    "short, not like a paragraph": ("log_words", "log_chars", "word_length", "short_run", "prose", "terminals", "terminal_count", "commas"),
    "does not end like a sentence": ("ends", "starts"),
    "its place in the document": ("index", "place", "words_before", "words_after", "since_prose", "until_prose", "pass_before", "since_h1", "depth"),
    "repeated in the page": ("copies", "copy_before", "same_element", "same_parent", "same_grandparent"),
    "written like a headline": ("capitalised", "upper_share"),
    "digits and signs rather than words": ("digit_share", "slashes", "symbols", "colons", "dashes", "brackets", "quotes"),
    "of another topic than the body": ("shared", "topic_"),
    "near the headline's words": ("in_title", "title_share"),
    "not in what the page says of itself": ("in_description", "description_share", "in_article_body"),
    "of an element that is seldom body": ("heading", "inline_element", "glued", "custom_element", "unspaced_share"),
    "after an end-of-article marker": ("since_marker",),
    "under a label over other stories": ("since_label",),
    "in a container full of links": ("container_links", "container_prose", "container_blocks"),
    "by what the page is as a whole": ("doc_", "pass_page", "pass_body_words", "pass_rank", "pass"),
    "a rule speaks against it": ("rule_",),
    "set apart by blank lines": ("gap_",),
}  # fmt: skip


def unfold(second: Mapping[str, float], first: Mapping[str, float]) -> dict[str, float]:
    """A second pass's contributions with that of the first pass's score told by what made that score.

    >>> unfold({"pass": -2.0, "ends": -1.0}, {"log_words": -3.0, "ends": -1.0})
    {'ends': -1.5, 'log_words': -1.5}
    """
    found = {name: value for name, value in second.items() if name != "pass"}
    total = sum(first.values())
    share = second.get("pass", 0.0) / total if abs(total) > 1e-6 else 0.0
    for name, value in first.items():
        found[name] = found.get(name, 0.0) + value * max(share, 0.0)
    return found


def describe(contributions: Mapping[str, float], columns: Columns, block: int) -> str:
    """The two or three kinds of evidence that pushed block `block` most towards junk, strongest first."""
    totals: dict[str, float] = {}
    for name, value in contributions.items():
        sentence = _sentence(name, columns, block)
        if sentence:
            totals[sentence] = totals.get(sentence, 0.0) + value
    against = sorted((value, sentence) for sentence, value in totals.items() if value < 0)
    if not against:
        return "scored as no body"
    strongest = against[0][0]
    return "; ".join(sentence for value, sentence in against[:3] if value < 0.3 * strongest)


def _sentence(name: str, columns: Columns, block: int) -> str:
    if name == "link_density":
        words = round(float(2.718281828 ** columns["log_words"][block]) - 1)
        linked = round(words * float(columns["link_density"][block]))
        return f"{linked} of {words} words are links" if linked else ""
    value = float(columns[name][block])
    for prefix in ("near_", "within_"):
        if name.startswith(prefix) and name.removeprefix(prefix) in NAMES:
            return f"an element around it is named like {name.removeprefix(prefix)}" if value else ""
    if name.startswith(("tag_", "inside_")):
        return f"stands in <{name.split('_', 1)[1]}>" if value else ""
    for sentence, prefixes in SENTENCES.items():
        if name.startswith(prefixes):
            return sentence
    return ""
