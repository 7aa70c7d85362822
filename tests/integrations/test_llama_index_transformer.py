"""LlamaIndex: a step of an ingestion pipeline, whose cache knows when rules change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from articles import BODY, CLEAN, PAGE, TEXT, URL, own_rules

from cleaner.batch.work import Fields, Job

pytest.importorskip("llama_index.core", reason="llama-index-core is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # LlamaIndex's own


def documents() -> list[Any]:
    from llama_index.core import Document

    return [
        Document(text=PAGE, metadata={"url": URL}, id_="a"), Document(text=TEXT, id_="b"), Document(text="", id_="c"),
        Document(text=TEXT + "\n\n" + BODY * 90, id_="d"),
    ]  # fmt: skip


def test_nodes() -> None:
    from llama_index.core.schema import MetadataMode

    from cleaner.integrations.llama_index_transformer import ArticleCleaner

    before = documents()
    made = ArticleCleaner(Job(Fields(url="url"), max_bytes=5000))(before)
    assert [node.node_id for node in made] == ["a", "b", "c", "d"] and [node.text for node in made[:3]] == [CLEAN, CLEAN, ""]
    assert (made[0].metadata["url"], made[0].metadata["clean_title"]) == (URL, "Skelby bridge opens")
    assert "more than the 5,000" in made[3].metadata["clean_error"] and made[3].text == before[3].text
    assert made[1].metadata["clean_removed_words"] == 4 and "removed" not in made[1].get_content(MetadataMode.EMBED)
    assert [(node.text, node.metadata) for node in before] == [(node.text, node.metadata) for node in documents()]


def test_a_pipeline_and_its_cache(tmp_path: Path) -> None:
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.ingestion.pipeline import get_transformation_hash
    from llama_index.core.node_parser import SentenceSplitter

    from cleaner.integrations.llama_index_transformer import ArticleCleaner

    nodes = IngestionPipeline(transformations=[ArticleCleaner(), SentenceSplitter(chunk_size=256)]).run(documents=documents()[:2])
    assert [node.text for node in nodes] == [CLEAN, CLEAN] and nodes[0].ref_doc_id == "a"

    def key(*rules: str) -> str:
        return str(get_transformation_hash(documents(), ArticleCleaner(Job(rules=rules))))

    own = own_rules(tmp_path / "rules", "Hand on the ribbon")
    before = key(own)
    assert key() == key() != before == key(own)
    own_rules(tmp_path / "rules", "Mayor of the week")
    assert key(own) != before
