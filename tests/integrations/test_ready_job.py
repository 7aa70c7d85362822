"""A job that travels: the same rules everywhere, read again when they were edited, and told of what is missing."""

from __future__ import annotations

import importlib
import pickle
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from articles import BODY, CLEAN, MORE, NOTHING, TEXT, URL, own_rules

from cleaner.batch.work import Fields, Job, clean_batch
from cleaner.errors import CleanerError, OptionError, RuleError
from cleaner.integrations import LibraryMissing, huggingface, spark
from cleaner.integrations.ready_job import ready
from cleaner.options import Options

LIBRARIES = {
    "datatrove_step": ("datatrove", "datatrove"),
    "langchain_transformer": ("langchain_core", "langchain"),
    "llama_index_transformer": ("llama_index", "llama-index"),
    "scrapy_pipeline": ("itemadapter", "scrapy"),
}


def test_columns_are_cleaned_as_rows_are() -> None:
    texts = [TEXT, None, BODY]
    done = clean_batch([{"text": text} for text in texts], Job())
    assert ready().columns({"text": texts, "more": [1, 2, 3]}) == {name: [row[name] for row in done] for name in Job().names()}


def test_columns_that_are_missing_or_taken() -> None:
    work = ready(Job(Fields(url="link")))
    with pytest.raises(OptionError, match="no column 'link'; there are: text"):
        work.columns({"text": [TEXT]})
    with pytest.raises(OptionError, match="a column 'clean_words' already"):
        work.columns({"text": [TEXT], "link": [URL], "clean_words": [1]})


def test_it_travels_and_its_folders_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own_rules(tmp_path / "rules", "Mayor of the week")
    work = pickle.loads(pickle.dumps(ready(Job(rules=("rules",)))))
    monkeypatch.chdir("/")
    assert work.columns({"text": [f"{BODY}\n\nMayor of the week\n\n{MORE}"]})["clean_text"] == [CLEAN]


def test_edited_rules_are_read_again(tmp_path: Path) -> None:
    text = f"{BODY}\n\nHand on the ribbon\n\nMayor of the week\n\n{MORE}"
    found = []
    for phrase in ("Hand on the ribbon", "Mayor of the week"):
        job = Job(rules=(own_rules(tmp_path / "rules", phrase),))
        before = ready(job)
        found += before.columns({"text": [text]})["clean_text"]
    assert [phrase in text for text in found for phrase in ("Hand on", "Mayor of")] == [False, True, True, False]


def test_another_machine_with_other_rules_does_not_clean(tmp_path: Path) -> None:
    work = replace(ready(Job(rules=(own_rules(tmp_path / "rules", "Hand on the ribbon"),))), digest="of another version")
    with pytest.raises(CleanerError, match="install the same version"):
        work.columns({"text": [TEXT]})


def test_a_folder_is_tried_at_once(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="not a folder"):
        ready(Job(rules=(str(tmp_path / "missing"),)))
    folder = Path(own_rules(tmp_path / "rules", "Hand on the ribbon"))
    (folder / "bad.toml").write_text("[[rule]]\nid = 1\n")
    with pytest.warns(UserWarning, match=r"bad.toml.*left out"):
        ready(Job(rules=(str(folder),)))


def test_digests_tell_rules_apart(tmp_path: Path) -> None:
    own = ready(Job(rules=(own_rules(tmp_path / "rules", "Hand on the ribbon"),)))
    assert ready() == ready(Job()) and own.digest != ready().digest


def test_a_document_with_metadata() -> None:
    work = ready(Job(Fields(url="source"), Options(site="skelby-news.example")))
    outcome = work.document(TEXT, {"source": "shelf/3.html", "author": "Ines Hollund"})
    assert outcome.result is not None and outcome.result.text == CLEAN and outcome.result.metadata.url is None
    notes = work.notes(outcome)
    assert list(notes) == ["clean_title", "clean_confidence", "clean_words", "clean_removed_words"] and notes["clean_removed_words"] == 4
    assert work.notes(work.document(None, {})) == {"clean_error": NOTHING}
    assert "'clean_title' already" in work.document(TEXT, {"clean_title": "mine"}).error


@pytest.mark.parametrize("module", LIBRARIES)
def test_a_missing_library_is_named(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    library, extra = LIBRARIES[module]
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"cleaner.integrations.{module}", raising=False)
    with pytest.raises(LibraryMissing, match=rf"install article-cleaner\[{extra}\]"):
        importlib.import_module(f"cleaner.integrations.{module}")


def test_a_library_that_is_missed_later_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyspark", "pyspark.sql", "pyspark.sql.functions", "datasets"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(LibraryMissing, match=r"install article-cleaner\[spark\]"):
        spark.text_udf()
    with pytest.raises(LibraryMissing, match=r"install article-cleaner\[spark\]"):
        spark.result_schema(None)
    with pytest.raises(LibraryMissing, match=r"install article-cleaner\[huggingface\]"):
        huggingface.result_features(None)
