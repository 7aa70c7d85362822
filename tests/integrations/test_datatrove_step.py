"""datatrove: documents keep what they are, and those that fail are not lost."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from articles import BODY, CLEAN, MORE, NOTHING, PAGE, RULE, TEXT, URL, own_rules

from cleaner.batch.work import Fields, Job
from cleaner.options import Options

pytest.importorskip("datatrove", reason="datatrove is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # datatrove's own


def documents() -> list[Any]:
    from datatrove.data import Document

    return [
        Document(TEXT, "a", metadata={"url": URL, "dump": "2026-10"}), Document(None, "b", metadata={"url": URL}),  # type: ignore[arg-type,unused-ignore]
        Document(PAGE, "c"),
    ]  # fmt: skip


def cleaned(**options: Any) -> list[Any]:
    from cleaner.integrations.datatrove_step import ArticleCleaner

    return list(ArticleCleaner(**options).run(iter(documents())))


def test_documents() -> None:
    first, second, third = cleaned()
    assert (first.text, first.id, first.metadata["url"], first.metadata["dump"]) == (CLEAN, "a", URL, "2026-10")
    assert first.metadata["clean_removed"] == [{"kind": "ad", "pieces": 1, "words": 1}, {"kind": "legal", "pieces": 1, "words": 3}]
    assert (second.text, second.metadata["clean_error"]) == (None, NOTHING)
    assert (third.text, third.metadata["clean_title"]) == (CLEAN, "Skelby bridge opens")


def test_a_sites_rules_are_found_by_the_address(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "lomvik-herald.example.toml").write_text(RULE % ((MORE,) * 2))
    rules = (str(tmp_path),)
    assert cleaned(job=Job(Fields(url="url"), rules=rules))[0].text == BODY
    assert cleaned(job=Job(Fields(url="link"), rules=rules))[0].text == CLEAN
    assert cleaned(job=Job(options=Options(site="lomvik-herald.example"), rules=rules))[0].text == BODY


def test_a_pipeline_with_processes(tmp_path: Path) -> None:
    pytest.importorskip("orjson", reason="datatrove's JSONL needs orjson")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from cleaner.integrations.datatrove_step import ArticleCleaner

    rules = own_rules(tmp_path / "rules", "Hand on the ribbon")
    (tmp_path / "in").mkdir()
    for i in range(2):
        lines = [{"id": f"{i}-{n}", "text": f"{BODY}\n\nHand on the ribbon\n\n{MORE}", "url": URL} for n in range(3)]
        lines.append({"id": f"{i}-9", "text": "x" * 3000, "url": URL})
        (tmp_path / "in" / f"{i}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    step = ArticleCleaner(Job(Fields(url="url"), rules=(rules,), max_bytes=2000), exclusion_writer=JsonlWriter(str(tmp_path / "failed")))
    steps = [JsonlReader(str(tmp_path / "in")), step, JsonlWriter(str(tmp_path / "out"))]
    stats = LocalPipelineExecutor(steps, tasks=2, workers=2, logging_dir=str(tmp_path / "log")).run()
    done, failed = (read(tmp_path / name) for name in ("out", "failed"))
    assert sorted(row["id"] for row in done) == ["0-0", "0-1", "0-2", "1-0", "1-1", "1-2"] and {row["text"] for row in done} == {CLEAN}
    assert sorted(row["id"] for row in failed) == ["0-9", "1-9"] and "3,000 bytes" in failed[0]["metadata"]["clean_error"]
    found = next(s for s in stats.stats if "Article cleaner" in s.name).stats
    assert (found["cleaned"].total, found["failed"].total, found["removed_words"].total) == (6, 2, 24)


def read(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.iterdir()) for line in gzip.decompress(path.read_bytes()).splitlines()]
