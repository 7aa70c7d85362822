"""Invented articles by the million: made from the fixtures' sentences, the same ones for the same seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import cleaner

FIXTURES = Path(__file__).parent.parent / "fixtures"
JUNK = {
    "en": ("ADVERTISEMENT", "All rights reserved.", "Also Read", "Share this article", "Sign up for our newsletter", "Photo: Ines Hollund"),
    "de": ("ANZEIGE", "Alle Rechte vorbehalten.", "Lesen Sie auch", "Artikel teilen", "Jetzt Newsletter abonnieren"),
    "fr": ("PUBLICITÉ", "Tous droits réservés.", "Lire aussi", "Partager cet article", "Crédit photo : Jean Valtier"),
    "es": ("PUBLICIDAD", "Todos los derechos reservados.", "Lea también", "Compartir", "Suscríbete a nuestro boletín"),
}
PLACES = ("lomvik", "skelby", "tesk", "dorland", "quay", "arva", "hollund", "marfa", "penk", "valdorsa")
PAPERS = ("herald", "post", "courier", "times", "gazette", "echo", "observer", "bulletin", "star", "news")
# One row in so many is defective.
DEFECTIVE = 400
DEFECTS = ('{"id": %d, "text": "cut sho', '{"id": %d, "title": "no text"}', '{"id": %d, "text": null}', '{"id": %d, "text": ["a", "list"]}', "%d")


class Article(NamedTuple):
    """An invented article with junk among its paragraphs."""

    id: int
    url: str
    lang: str
    title: str
    paragraphs: tuple[str, ...]

    def text(self) -> str:
        """As a scraper stores it."""
        return "\n\n".join((self.title, *self.paragraphs))

    def html(self) -> str:
        """As a page."""
        body = "".join(f"<p>{escape(p)}</p>\n" for p in self.paragraphs)
        head = f'<meta charset="utf-8"><title>{escape(self.title)}</title>'
        return (
            f"<!doctype html><html lang={self.lang}><head>{head}</head><body><nav><a href=/>Home</a> <a href=/news>News</a></nav>"
            f"<article><h1>{escape(self.title)}</h1>\n{body}</article><footer>Imprint Contact Privacy</footer></body></html>"
        )


def articles(count: int, seed: int = 0) -> Iterator[Article]:
    """`count` articles, one after the other: nothing of them is kept."""
    pools = _pools()
    langs = sorted(pools)
    weights = [4 if lang in JUNK else 1 for lang in langs]
    draw = random.Random(seed)
    for number in range(count):
        lang = draw.choices(langs, weights)[0]
        host = f"{draw.choice(PLACES)}-{draw.choice(PAPERS)}.example"
        paragraphs = [" ".join(draw.choices(pools[lang], k=draw.randint(1, 4))) for _ in range(draw.randint(3, 14))]
        for junk in draw.sample(JUNK.get(lang, JUNK["en"]), draw.randint(0, 4)):
            paragraphs.insert(draw.randint(0, len(paragraphs)), junk)
        if draw.random() < 0.5:
            paragraphs.append(f"Follow the {host.removesuffix('.example').replace('-', ' ').title()} wherever you are")
        title = draw.choice(pools[lang])[:90].rsplit(" ", 1)[0]
        yield Article(number, f"https://{host}/{lang}/{number}", lang, title, tuple(paragraphs))


def lines(count: int, seed: int = 0) -> Iterator[bytes]:
    """Articles as lines of JSON, one in `DEFECTIVE` of them defective."""
    for article in articles(count, seed):
        if article.id % DEFECTIVE == DEFECTIVE - 1:
            yield (DEFECTS[article.id // DEFECTIVE % len(DEFECTS)] % article.id).encode() + b"\n"
        else:
            row = {"id": article.id, "url": article.url, "lang": article.lang, "text": article.text()}
            yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _pools() -> dict[str, list[str]]:
    """Sentences by language, from the fixtures' bodies."""
    pools: dict[str, list[str]] = {}
    for path in sorted(FIXTURES.iterdir()):
        if path.suffix in (".txt", ".html"):
            for paragraph in cleaner.clean(path.read_bytes()).paragraphs:
                sentences = [s.strip() + "." for s in paragraph.text.replace("。", ". ").split(". ") if len(s) > 20]
                pools.setdefault(path.name[:2], []).extend(s.replace("..", ".") for s in sentences)
    return pools
