"""Cleaning for LangChain: documents in, documents out, between a loader and a splitter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cleaner.batch.work import Fields, Job
from cleaner.integrations import LibraryMissing
from cleaner.integrations.ready_job import ready

try:
    from langchain_core.documents import BaseDocumentTransformer, Document
except ImportError:
    raise LibraryMissing("langchain-core", "langchain") from None


class ArticleCleaner(BaseDocumentTransformer):
    """Gives a new document for each: its content, HTML or text, cleaned; its id and metadata kept.

    The address is the metadata's `source`, as loaders write it; `job.fields.url` can name another. The metadata gets
    `clean_title`, `clean_confidence`, `clean_words` and `clean_removed_words`. A document that fails keeps its content
    and says in `clean_error` why. Raises RuleError where a rules folder does not exist.
    """

    def __init__(self, job: Job | None = None) -> None:
        self.work = ready(job or Job(Fields(url="source")))

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> list[Document]:
        """Clean documents; as many come back, in order."""
        return [self._cleaned(document) for document in documents]

    def _cleaned(self, document: Document) -> Document:
        outcome = self.work.document(document.page_content, document.metadata)
        content = document.page_content if outcome.result is None else outcome.result.text
        metadata = {**document.metadata, **self.work.notes(outcome)}
        return document.model_copy(update={"page_content": content, "metadata": metadata})
