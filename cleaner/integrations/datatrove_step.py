"""Cleaning for datatrove: a step of a pipeline, between a reader and what follows."""

from __future__ import annotations

from typing import Any

from cleaner.batch.work import Fields, Job
from cleaner.integrations import LibraryMissing
from cleaner.integrations.ready_job import ready

try:
    from datatrove.data import Document, DocumentsPipeline
    from datatrove.pipeline.base import PipelineStep
    from datatrove.pipeline.writers.disk_base import DiskWriter
except ImportError:
    raise LibraryMissing("datatrove", "datatrove") from None


class ArticleCleaner(PipelineStep):
    """Puts the cleaned text in the place of each document's text, which may be HTML; id, media and metadata stay.

    The address is taken from the metadata, `job.fields.url` says under which name. The metadata gets `clean_title`,
    `clean_confidence`, `clean_words`, `clean_removed_words` and `clean_removed`. A document that fails goes to
    `exclusion_writer`, with the reason as its metadata `clean_error`; without a writer it goes on with it, uncleaned.
    Raises RuleError where a rules folder does not exist.
    """

    name = "🧹 Article cleaner"
    type = "✂️ - FORMAT"

    def __init__(self, job: Job | None = None, exclusion_writer: DiskWriter | None = None) -> None:
        super().__init__()
        self.work = ready(job or Job(Fields(url="url")))
        self.exclusion_writer = exclusion_writer

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Clean documents, one after the other."""
        if self.exclusion_writer is None:
            yield from self._clean(data, rank, None)
            return
        with self.exclusion_writer as writer:
            yield from self._clean(data, rank, writer)

    def _clean(self, data: DocumentsPipeline, rank: int, writer: Any) -> DocumentsPipeline:
        for document in data:
            self.stat_update("total")
            with self.track_time():
                cleaned = self._document(document)
            self.stat_update("cleaned" if cleaned else "failed")
            if cleaned or writer is None:
                yield document
            else:
                writer.write(document, rank)

    def _document(self, document: Document) -> bool:
        outcome = self.work.document(document.text, document.metadata)
        document.metadata.update(self.work.notes(outcome))
        if outcome.result is None or outcome.columns is None:
            return False
        name = self.work.job.prefix + "removed"
        document.metadata[name] = outcome.columns[name]
        document.text = outcome.result.text
        self.stat_update("removed_words", value=sum(piece["words"] for piece in outcome.columns[name]), unit="doc")
        return True
