"""Scrapy: items of every kind, settings, and a crawl of a page on disk."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from articles import BODY, CLEAN, MORE, NOTHING, PAGE, TEXT, URL, own_rules

from cleaner.batch.work import Job
from cleaner.errors import OptionError
from cleaner.options import Focus

scrapy = pytest.importorskip("scrapy", reason="scrapy is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # Scrapy's own

SPIDER = '''
import sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Herald(scrapy.Spider):
    name = "herald"
    start_urls = [sys.argv[1]]

    def parse(self, response):
        yield {"url": response.url, "text": response.text}
        yield {"url": response.url, "text": None}
        yield {"next": "an item that holds no article"}

process = CrawlerProcess({
    "ITEM_PIPELINES": {"cleaner.integrations.scrapy_pipeline.ArticlePipeline": 300},
    "FEEDS": {sys.argv[2]: {"format": "jsonlines"}}, "LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False,
})
process.crawl(Herald)
process.start()
'''  # fmt: skip


@dataclass
class Article:
    url: str
    text: str | None
    clean_text: str | None = None
    clean_error: str | None = None


@dataclass
class Bare:
    text: str


def pipeline(**settings: Any) -> Any:
    from scrapy.settings import Settings

    from cleaner.integrations.scrapy_pipeline import ArticlePipeline

    class Counts(dict[str, int]):
        def inc_value(self, name: str) -> None:
            self[name] = self.get(name, 0) + 1

    class Crawler:
        def __init__(self) -> None:
            self.settings = Settings(settings)
            self.stats = Counts()

    return ArticlePipeline.from_crawler(Crawler())


def test_a_dict_gets_all_fields(caplog: pytest.LogCaptureFixture) -> None:
    pipe = pipeline()
    made = pipe.process_item({"url": URL, "text": TEXT})
    assert made["text"] == TEXT and made["clean_text"] == CLEAN and list(made) == ["url", "text", *Job().names()]
    with caplog.at_level(logging.WARNING):
        failed = pipe.process_item({"url": URL, "text": None})
    assert failed["clean_text"] is None and failed["clean_error"] == NOTHING
    assert f"{NOTHING} ({URL})" in caplog.text
    assert pipe.process_item({"author": "Ines Hollund"}) == {"author": "Ines Hollund"}
    assert pipe.stats == {"cleaner/cleaned": 1, "cleaner/failed": 1, "cleaner/passed_over": 1}


def test_classes_get_the_fields_that_they_have() -> None:
    class Story(scrapy.Item):  # type: ignore[misc,unused-ignore]
        text = scrapy.Field()
        clean_text = scrapy.Field()
        clean_removed_words = scrapy.Field()

    made = pipeline().process_item(Article(URL, TEXT))
    assert (made.clean_text, made.clean_error) == (CLEAN, None)
    assert pipeline().process_item(Article(URL, None)).clean_error == NOTHING
    assert dict(pipeline().process_item(Story(text=TEXT))) == {"text": TEXT, "clean_text": CLEAN, "clean_removed_words": 4}
    with pytest.raises(OptionError, match="items of the class Bare have no field 'clean_text'"):
        pipeline().process_item(Bare(TEXT))


def test_settings(tmp_path: Path) -> None:
    rules = own_rules(tmp_path / "rules", "Hand on the ribbon")
    pipe = pipeline(
        CLEANER_FIELD="page", CLEANER_INPUT="text", CLEANER_URL_FIELD="link", CLEANER_RULES_DIRS=[rules], CLEANER_FOCUS="recall",
        CLEANER_PREFIX="c_", CLEANER_SITE="lomvik-herald.example", CLEANER_MAX_BYTES=500,
    )  # fmt: skip
    job = pipe.work.job
    assert (job.options.focus, job.options.site, job.fields.url) == (Focus.RECALL, "lomvik-herald.example", "link")
    made = pipe.process_item({"page": f"{BODY}\n\nHand on the ribbon\n\n{MORE}"})
    assert made["c_text"] == CLEAN
    assert "more than the 500" in pipe.process_item({"page": BODY * 9})["c_error"]
    with pytest.raises(OptionError, match="CLEANER_INPUT = 'pdf' is not one of auto, html, text"):
        pipeline(CLEANER_INPUT="pdf")
    with pytest.raises(OptionError, match="focus = 'all'"):
        pipeline(CLEANER_FOCUS="all")


def test_a_crawl(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "herald.py").write_text(SPIDER)
    place = (tmp_path / "page.html").as_uri()
    done = subprocess.run(
        [sys.executable, "herald.py", place, "out.jsonl"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True
    )
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row.get("clean_title"), row.get("clean_text")) for row in rows] == [("Skelby bridge opens", CLEAN), (None, None), (None, None)]
    assert f"an article was not cleaned: {NOTHING} ({place})" in done.stderr and "rror processing" not in done.stderr
