"""Learn a page's template: elements that hold only boilerplate wherever they occur, and the one that holds the body."""

from __future__ import annotations

import html as html_entities
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import regex

from cleaner.authoring.learn_evidence import SITE_SHARE, Smallest, View
from cleaner.authoring.write_site import SelectorDraft
from cleaner.class_words import NAMES, groups_of
from cleaner.kinds import Kind
from cleaner.rule import edge_key

CLASS = regex.compile(r"""\sclass\s*=\s*(?:"([^"]*)"|'([^']*)')""", regex.IGNORECASE)
ID = regex.compile(r"""\sid\s*=\s*(?:"([^"]*)"|'([^']*)')""", regex.IGNORECASE)
# Names that are CSS as they stand, and that no machine numbered.
NAME = regex.compile(r"-?[A-Za-z_][A-Za-z0-9_-]*")
NUMBERED = regex.compile(r"\d{3,}|[0-9a-f]{8,}")
ITEMPROPS = ("articleBody",)

REMOVE_PAGES, REMOVE_SHARE = 5, 0.1
NAMED_PAGES = 3
# Of an element's blocks at most this share may be kept, and of these each a line that repeats on the site.
KEPT_SHARE = 0.1
BODY_SHARE = 0.9
# The body's container may hold so many blocks, of all, that neither the body nor a rule accounts for.
BODY_STRANGERS = 0.1
BODY_CANDIDATES = 3
MOST_SELECTORS = 25
NOT_RULED = (Kind.BOILERPLATE, False)
FURNITURE = frozenset("share related nav footer sidebar comment ad newsletter paywall tags consent".split())
# Names that say how an element looks and not what it is: the next redesign gives them to the body.
LOOKS = regex.compile(
    r"\.(?:(?!ad)[a-z]{1,2}[-_].*|(?:flex|grid|hidden|block|inline|overflow|items|justify|text|font|bg|border|rounded|shadow|select|outline|"
    r"right|left|top|bottom|absolute|relative|sticky|fixed|space|gap|col|row|order|container|wrapper|clearfix|visible|invisible|none)"
    r"(?:-(?:\d.*|none|auto|full|hidden|start|end|center|between|left|right|x|y|col|row|wrap|screen|block|flex|grid|xs|sm|md|lg|xl))*)"
)
CONTENT = frozenset("article body headline lead quote infobox main live byline date".split())
KINDS = {
    "share": Kind.SOCIAL, "related": Kind.RELATED, "teaser": Kind.TEASER, "nav": Kind.NAV, "comment": Kind.COMMENTS, "ad": Kind.AD,
    "newsletter": Kind.NEWSLETTER, "paywall": Kind.PAYWALL, "tags": Kind.TAGS, "legal": Kind.LEGAL, "caption": Kind.CAPTION,
    "tools": Kind.WIDGET,
}  # fmt: skip


class Attributes(NamedTuple):
    """The class names and ids that a page uses."""

    classes: frozenset[str]
    ids: frozenset[str]


def class_attributes(page: str) -> Attributes:
    """Read a page's class names and ids.

    >>> class_attributes('<p class="a b" id="c">').classes == {"a", "b"}
    True
    """

    def values(pattern: regex.Pattern[str]) -> frozenset[str]:
        said = (html_entities.unescape(a or b) for a, b in pattern.findall(page))
        return frozenset(name for words in said for name in words.split() if NAME.fullmatch(name) and not NUMBERED.search(name))

    return Attributes(values(CLASS), values(ID))


@dataclass
class Element:
    """Counts for one selector: pages, blocks it holds there, and what became of them."""

    pages: int = 0
    blocks: int = 0
    kept: int = 0
    kept_repeated: int = 0
    protected: int = 0
    within: int = 0
    whole_body: int = 0
    all_prose: int = 0
    strangers: int = 0
    inside: Counter[str] = field(default_factory=Counter)
    examples: Smallest = field(default_factory=lambda: Smallest(2))


class HtmlGathering:
    """What the pages say of the classes and ids in `known`, and of a few elements; it does not grow with the pages."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known
        self.pages = 0
        self.of: dict[str, Element] = defaultdict(Element)

    def add(self, page: View, attributes: Attributes, frequent: Mapping[str, float]) -> None:
        """Take in one page whose body is sure."""
        self.pages += 1
        repeated = [frequent.get(edge_key(text), 0.0) >= SITE_SHARE for text in page.texts]
        held = _held(page, Attributes(attributes.classes & self.known, attributes.ids & self.known))
        outer: dict[int, set[str]] = defaultdict(set)
        for selector, blocks in held.items():
            for i in blocks:
                outer[i].add(selector)
        body = {i for i in range(len(page.texts)) if page.protected[i] and page.first <= i <= page.last}
        prose = {i for i in range(len(page.texts)) if page.kept[i] and page.prose[i] and not repeated[i]}
        for selector, blocks in sorted(held.items()):
            found = self.of[selector]
            found.pages += 1
            found.blocks += len(blocks)
            found.kept += sum(page.kept[i] for i in blocks)
            found.kept_repeated += sum(page.kept[i] and repeated[i] for i in blocks)
            found.protected += sum(page.protected[i] for i in blocks)
            found.within += any(page.first < i < page.last for i in blocks)
            found.whole_body += body <= blocks
            found.all_prose += prose <= blocks
            found.strangers += sum(not page.protected[i] and not page.kinds.get(i, NOT_RULED)[1] for i in blocks)
            found.examples.add(page.texts[min(blocks)][:80])
            common = set.intersection(*(outer[i] for i in blocks))
            found.inside.update(other for other in common if other != selector)

    def removes(self) -> tuple[SelectorDraft, ...]:
        """Elements that hold nothing of the body on any page, the outermost ones, useful ones first."""
        found = {s: e for s, e in self.of.items() if _removable(s, e, self.pages)}
        outermost = {}
        for s, e in found.items():
            around = [o for o, n in e.inside.items() if o in found and n == e.pages]
            # Of two names for the same elements one is enough.
            if not any(found[o].inside[s] < found[o].pages or o < s for o in around):
                outermost[s] = e
        ranked = sorted(outermost.items(), key=lambda entry: (-entry[1].kept, -entry[1].within, -entry[1].pages, entry[0]))
        return tuple(sorted((self._remove(s, e) for s, e in ranked[:MOST_SELECTORS]), key=lambda d: (bool(d.doubt), d.select)))

    def _remove(self, selector: str, found: Element) -> SelectorDraft:
        note = (
            f"On {found.pages} of {self.pages} pages, {found.blocks} blocks, of which the cleaner keeps {found.kept}; "
            f"never body. Example: {' '.join(found.examples.texts()[0].split())}"
        )
        doubt = ""
        if found.kept > found.kept_repeated:
            doubt = f"{found.kept - found.kept_repeated} kept blocks in it do not repeat on the site"
        elif LOOKS.fullmatch(selector):
            doubt = "its name says how it looks, not what it is"
        elif not _is_furniture(selector) and found.pages < max(REMOVE_PAGES, 0.5 * self.pages):
            doubt = "its name does not say that it is furniture, and too few pages have it"
        kinds = [KINDS[group] for group in _groups(selector) if group in KINDS]
        return SelectorDraft(selector, note, doubt, kinds[0] if kinds else Kind.BOILERPLATE)

    def body(self) -> tuple[SelectorDraft, ...]:
        """Elements that hold the whole body on nearly all pages, the tightest first; only a sure one is proposed."""
        found = [
            (e.strangers / max(1, e.blocks), e.blocks, s, e) for s, e in self.of.items()
            if e.pages >= BODY_SHARE * self.pages and e.whole_body >= BODY_SHARE * e.pages
        ]  # fmt: skip
        drafts: list[SelectorDraft] = []
        for share, _, selector, e in sorted(found, key=lambda f: f[:3])[:BODY_CANDIDATES]:
            note = f"holds the body on {e.whole_body} of {self.pages} pages, and {e.strangers} other blocks of {e.blocks}"
            doubt = ""
            if e.all_prose < e.pages or e.whole_body < e.pages:
                doubt = f"on {e.pages - min(e.all_prose, e.whole_body)} pages kept paragraphs stand outside it"
            elif self.pages < NAMED_PAGES:
                doubt = "too few pages to be sure"
            elif share > BODY_STRANGERS:
                doubt = "much in it is no body, and within a body the scorer is trusted less"
            elif drafts:
                doubt = "the one above holds less else"
            drafts.append(SelectorDraft(selector, note, doubt))
        return tuple(drafts)


def _held(page: View, attributes: Attributes) -> dict[str, set[int]]:
    """The blocks that stand in elements of each class and id."""
    tree = page.document.tree
    names: dict[tuple[str, str], tuple[str, ...]] = {}
    held: dict[str, set[int]] = defaultdict(set)
    for number in range(len(tree)):
        node = tree[number]
        key = node.tag, node.words
        if key not in names:
            names[key] = tuple(_selectors(node.tag, node.words.split(), attributes))
        for selector in names[key]:
            held[selector].update(range(node.first, node.last))
    return held


def _selectors(tag: str, words: Iterable[str], attributes: Attributes) -> Iterable[str]:
    for word in dict.fromkeys(words):
        if word in attributes.classes:
            yield f".{word}"
        if word in attributes.ids:
            yield f"#{word}"
        if word in ITEMPROPS:
            yield f'[itemprop="{word}"]'
    if tag in ("article", "main", "aside", "footer", "nav", "form", "figure"):
        yield tag


def _groups(selector: str) -> list[str]:
    bits = groups_of(selector)
    return [name for number, name in enumerate(NAMES) if bits >> number & 1]


def _is_furniture(selector: str) -> bool:
    groups = set(_groups(selector))
    return bool(groups & FURNITURE) and not groups & CONTENT


def _removable(selector: str, found: Element, pages: int) -> bool:
    if found.protected or found.kept > KEPT_SHARE * found.blocks or selector in ("article", "main"):
        return False
    least = NAMED_PAGES if _is_furniture(selector) else REMOVE_PAGES
    groups = set(_groups(selector))
    if groups & CONTENT and not groups & FURNITURE:
        return False
    return found.pages >= max(least, REMOVE_SHARE * pages) and (found.kept > 0 or found.within > 0)
