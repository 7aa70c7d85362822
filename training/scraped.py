"""More stored texts to learn from, made of the labelled pages.

Pages whose gold is a few snippets are scraped in simple ways and labelled by a scorer of pages: markup says more of a block than
its text does, so a scorer that reads markup can teach one that cannot (distillation: Hinton, Vinyals and Dean 2015). Most of
them are in other languages than English, of which the labelled texts have most. Pages whose gold is the whole body are taken
whole, with the labels of their blocks: no scraper keeps so much, and so they have more junk of every kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser

from cleaner.model import Scorer
from cleaner.options import Options, SecondOpinion
from cleaner.pipeline import finish
from cleaner.result import CleanResult, Role
from cleaner.ruleset import RuleSet
from cleaner.title import squash
from training.data import BODY, JUNK, UNSURE, Example, stored

SOURCE = "traf_dev"
SCRAPED = "scraped"
# What a teacher says, and what no scraper keeps, weighs less than what is wanted.
WEIGHT = 0.5
LETTERS = {BODY: "b", JUNK: "j", UNSURE: "m"}
# Blocks whose score is nearer to the threshold than this teach nothing.
SURE_BODY, SURE_JUNK = 0.8, 0.2
FEWEST_CHARS = 300
ARTICLE = ("article", "main", "[itemprop=articleBody]")


def scraped(pages: Sequence[Example], teacher: Scorer, rules: RuleSet) -> list[Example]:
    """Stored texts of `pages`, their lines labelled by what `teacher` makes of the pages' blocks."""
    found = []
    for page in pages:
        result = finish(page.begun, Options(second_opinion=SecondOpinion.NEVER), teacher)
        verdicts = _verdicts(result)
        body = "".join(squash(b.text) for b in result.blocks if b.role is Role.BODY)
        for scraper, text in scrape(page.page or ""):
            labels = "".join(_label(line, verdicts, body) for line in text.split("\n"))
            if "b" in labels:
                row = {**page.row, "id": f"{page.row['id']}-{scraper}", "scraper": scraper, "text": text, "gold": "", "labels": labels}
                example = stored(SCRAPED, row, rules)
                if example is not None:
                    example.weights *= WEIGHT
                    found.append(example)
    return found


def whole(pages: Sequence[Example], rules: RuleSet) -> list[Example]:
    """The blocks of `pages` as the lines of a text, labelled as the blocks are."""
    found = []
    for page in pages:
        lines = [text.replace("\n", " ") for text in page.reading.texts]
        labels = "".join(LETTERS[label] for label in page.labels.tolist())
        row = {**page.row, "id": f"{page.row['id']}-whole", "scraper": "whole", "text": "\n".join(lines), "gold": "", "labels": labels}
        example = stored(SCRAPED, row, rules)
        if example is not None:
            example.weights *= WEIGHT
            found.append(example)
    return found


def scrape(page: str) -> Iterator[tuple[str, str]]:
    """A page's text as simple scrapers hand it on: its paragraphs; its main content; its article element."""
    from resiliparse.extract.html2text import extract_plain_text

    tree = LexborHTMLParser(page)
    article = next((found for found in map(tree.css_first, ARTICLE) if found is not None), None)
    texts = {
        "ptags": "\n".join(text for text in (p.text().strip() for p in tree.css("p")) if text),
        "main_content": extract_plain_text(page, main_content=True),
        "article_text": extract_plain_text(article.html) if article is not None and article.html else "",
    }
    yield from ((scraper, text) for scraper, text in texts.items() if len(text) >= FEWEST_CHARS)


def _verdicts(result: CleanResult) -> dict[str, str]:
    """b, j or m for each text that a block has, letters alone; m where the teacher is unsure or says both."""
    found: dict[str, str] = {}
    for block in result.blocks:
        said = squash(block.text)
        sure = block.score >= SURE_BODY if block.role is Role.BODY else block.role is Role.REMOVED and block.score <= SURE_JUNK
        verdict = ("b" if block.role is Role.BODY else "j") if sure else "m"
        found[said] = verdict if found.get(said, verdict) == verdict else "m"
    return found


def _label(line: str, verdicts: dict[str, str], body: str) -> str:
    said = squash(line)
    if said in verdicts:
        return verdicts[said] if said else "m"
    # A part of a paragraph, where a scraper breaks lines.
    return "b" if len(said) > 25 and said in body else "m"
