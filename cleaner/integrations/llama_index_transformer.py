"""Cleaning for LlamaIndex: a transformation of an ingestion pipeline, before its splitter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cleaner.batch.work import Fields, Job
from cleaner.integrations import LibraryMissing
from cleaner.integrations.ready_job import ReadyJob, ready

try:
    from llama_index.core.schema import BaseNode, MetadataMode, TransformComponent
    from pydantic import Field
except ImportError:
    raise LibraryMissing("llama-index-core", "llama-index") from None


class ArticleCleaner(TransformComponent):
    """Gives a new node for each: its text, which may be HTML, cleaned; its id, metadata and relationships kept.

    The address is the metadata's `url`; `job.fields.url` can name another key. The metadata gets `clean_title`, and,
    hidden from embeddings and models, `clean_confidence`, `clean_words` and `clean_removed_words`. A node that fails
    keeps its text and says in `clean_error` why; one without text passes. A pipeline's cache holds as long as job,
    rules and the package's version are the same. Raises RuleError where a rules folder does not exist.
    """

    work: ReadyJob = Field(description="The job, and a digest of all that decides beside it.")

    def __init__(self, job: Job | None = None, **fields: Any) -> None:
        super().__init__(**{"work": ready(job or Job(Fields(url="url"))), **fields})

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        """Clean nodes; as many come back, in order."""
        return [self._cleaned(node) for node in nodes]

    def _cleaned(self, node: BaseNode) -> BaseNode:
        text = node.get_content(metadata_mode=MetadataMode.NONE)
        if not text:
            return node
        outcome = self.work.document(text, node.metadata)
        notes = self.work.notes(outcome)
        hidden = [name for name in notes if name != f"{self.work.job.prefix}title"]
        made = node.model_copy()
        made.metadata = {**node.metadata, **notes}
        made.excluded_embed_metadata_keys = [*node.excluded_embed_metadata_keys, *hidden]
        made.excluded_llm_metadata_keys = [*node.excluded_llm_metadata_keys, *hidden]
        if outcome.result is not None:
            made.set_content(outcome.result.text)
        return made
