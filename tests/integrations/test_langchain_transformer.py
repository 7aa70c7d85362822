"""LangChain: documents keep id and metadata, and get plain notes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from articles import CLEAN, PAGE, TEXT, URL

from cleaner.batch.work import Fields, Job

pytest.importorskip("langchain_core", reason="langchain-core is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # LangChain's own


def documents() -> list[Any]:
    from langchain_core.documents import Document

    return [
        Document(page_content=PAGE, metadata={"source": URL}, id="a"), Document(page_content=TEXT, metadata={"source": "shelf/2.txt"}),
        Document(page_content=TEXT, metadata={"clean_title": "mine"}),
    ]  # fmt: skip


def test_documents() -> None:
    from langchain_core.documents import BaseDocumentTransformer

    from cleaner.integrations.langchain_transformer import ArticleCleaner

    before = documents()
    transformer = ArticleCleaner()
    assert isinstance(transformer, BaseDocumentTransformer)
    first, second, third = transformer.transform_documents(before)
    assert (first.page_content, first.id, first.metadata["source"]) == (CLEAN, "a", URL)
    assert first.metadata["clean_title"] == "Skelby bridge opens" and second.metadata["clean_removed_words"] == 4
    assert {type(value) for value in first.metadata.values()} <= {str, int, float}
    assert second.page_content == CLEAN
    assert third.page_content == TEXT and "'clean_title' already" in third.metadata["clean_error"] and third.metadata["clean_title"] == "mine"
    assert before == documents()


def test_it_runs_beside_other_work() -> None:
    from cleaner.integrations.langchain_transformer import ArticleCleaner

    found = asyncio.run(ArticleCleaner(Job(Fields(), max_bytes=10)).atransform_documents(documents()[1:2]))
    assert found[0].page_content == TEXT and "more than the 10" in found[0].metadata["clean_error"]
