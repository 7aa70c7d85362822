"""Cleaning for Scrapy: an item pipeline."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from cleaner.batch.work import ERROR_COLUMN, MAX_BYTES, Fields, Job
from cleaner.errors import OptionError
from cleaner.files import ReadAs
from cleaner.integrations import LibraryMissing
from cleaner.integrations.ready_job import ready
from cleaner.options import Options

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

try:
    from itemadapter import ItemAdapter
except ImportError:
    raise LibraryMissing("Scrapy", "scrapy") from None

log = logging.getLogger(__name__)


class ArticlePipeline:
    """Cleans the article that an item holds: dicts, `Item`s, dataclasses and all else that itemadapter knows.

    The settings, with what holds without them: `CLEANER_FIELD` ("text"), `CLEANER_INPUT` (auto, html or text),
    `CLEANER_URL_FIELD` ("url"), `CLEANER_RULES_DIRS` (a list of folders), `CLEANER_FOCUS`, `CLEANER_LANG`,
    `CLEANER_SITE`, `CLEANER_PREFIX` ("clean_"), `CLEANER_MAX_BYTES`. A dict gets all of the result's fields, an item
    of a class those that its class has, of which `clean_text` must be one. An item that fails has its reason in
    `clean_error` and in the log, and goes on. Items without the article's field are left alone. The crawl's stats
    count `cleaner/cleaned`, `cleaner/failed` and `cleaner/passed_over`.
    """

    def __init__(self, job: Job | None = None, stats: Any = None) -> None:
        self.work = ready(job or Job(Fields(url="url")))
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArticlePipeline:
        """Called by Scrapy. Raises OptionError or RuleError for settings that cannot be used: the crawl does not start."""
        return cls(job_of(crawler.settings), crawler.stats)

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """Clean one item's article."""
        adapter = ItemAdapter(item)
        if self.work.job.fields.content not in adapter:
            self._count("passed_over")
            return item
        prefix = self.work.job.prefix
        settable = self._settable(adapter)
        row = {name: adapter.get(name) for name in self.work.read_columns()}
        outcome = self.work.row(row)
        if outcome.error:
            log.warning("an article was not cleaned: %s (%s)", outcome.error, row.get(self.work.job.fields.url or "") or "no address")
        found = {**dict.fromkeys(self.work.job.names()), **(outcome.columns or {}), prefix + ERROR_COLUMN: outcome.error or None}
        for name in settable:
            adapter[name] = found[name]
        self._count("failed" if outcome.error else "cleaned")
        return item

    def _settable(self, adapter: ItemAdapter) -> list[str]:
        """The result's fields that the item can have."""
        names = list(self.work.job.names())
        if isinstance(adapter.item, dict):
            return names
        there = set(adapter.field_names())
        text = self.work.job.prefix + "text"
        if text not in there:
            raise OptionError(f"items of the class {type(adapter.item).__name__} have no field {text!r} for the cleaned text; add one")
        return [name for name in names if name in there]

    def _count(self, what: str) -> None:
        if self.stats is not None:
            self.stats.inc_value(f"cleaner/{what}")


def job_of(settings: BaseSettings) -> Job:
    """The job that a crawl's settings describe. Raises OptionError for a value that is not one of those allowed."""
    read_as = settings.get("CLEANER_INPUT", "auto")
    try:
        fields = Fields(settings.get("CLEANER_FIELD", "text"), ReadAs(read_as), settings.get("CLEANER_URL_FIELD", "url"))
    except ValueError:
        raise OptionError(f"CLEANER_INPUT = {read_as!r} is not one of {', '.join(ReadAs)}") from None
    options = Options(settings.get("CLEANER_FOCUS", "balanced"), lang=settings.get("CLEANER_LANG", ""), site=settings.get("CLEANER_SITE", ""))
    rules = tuple(settings.getlist("CLEANER_RULES_DIRS"))
    return Job(fields, options, rules, settings.getint("CLEANER_MAX_BYTES", MAX_BYTES), settings.get("CLEANER_PREFIX", "clean_"))
