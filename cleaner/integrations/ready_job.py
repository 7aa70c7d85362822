"""A job made ready to be sent to other processes: what every adapter holds."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from cleaner.batch.checkpoint import knowledge
from cleaner.batch.work import ERROR_COLUMN, Fields, Job, Outcome, clean_row, clean_rows, taken_names
from cleaner.errors import CleanerError, OptionError
from cleaner.ruleset import RuleSet, load, shipped, shipped_folder

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class ReadyJob:
    """A job whose rules folders were found and read through.

    `digest` stands for all that decides beside the job: the package's version, the rules and the models. A process
    that cleans compares its own with it, so that no machine of a cluster cleans by other rules. Small, can be
    pickled; rules and models are read once a process, when first needed.
    """

    job: Job = field(default_factory=Job)
    digest: str = ""

    def rules(self) -> RuleSet:
        """The rules, read once a process. Raises CleanerError where this machine's differ from the sender's."""
        return _rules(self.job.rules, self.digest)

    def row(self, row: Mapping[str, Any]) -> Outcome:
        """Clean one row's document. What is wrong with it stands in the outcome's `error`."""
        return clean_row(row, self.job, self.rules())

    def document(self, text: object, metadata: Mapping[str, Any]) -> Outcome:
        """Clean a document whose address, if any, stands in its metadata under the name `job.fields.url`."""
        fields = self.job.fields
        url = metadata.get(fields.url) if fields.url else None
        known = {fields.url: url} if fields.url and isinstance(url, str) and "://" in url else {}
        taken = dict.fromkeys(taken_names(list(metadata), self.job))
        return self.row({**taken, **known, fields.content: text})

    def notes(self, outcome: Outcome) -> dict[str, Any]:
        """What of an outcome fits into a document's metadata: plain values, which every vector store takes."""
        prefix = self.job.prefix
        if outcome.columns is None:
            return {prefix + ERROR_COLUMN: outcome.error}
        return {prefix + name: outcome.columns[prefix + name] for name in ("title", "confidence", "words", "removed_words")}

    def columns(self, columns: Columns) -> dict[str, list[Any]]:
        """Clean the rows of some columns of one length; gives the result's columns alone, named as in `Job.names`.

        Raises OptionError where the content's column is missing or one of the result's is there already.
        """
        self.check(list(columns))
        wanted = [name for name in self.read_columns() if name in columns]
        found: dict[str, list[Any]] = {name: [] for name in self.job.names()}
        rows = (dict(zip(wanted, values)) for values in zip(*(columns[name] for name in wanted)))
        for outcome in clean_rows(rows, self.job, self.rules()):
            made = outcome.columns or {}
            for name in found:
                found[name].append(made.get(name))
            found[self.job.prefix + ERROR_COLUMN][-1] = outcome.error or None
        return found

    def check(self, names: Sequence[str]) -> None:
        """Raise OptionError where columns of such names cannot be cleaned."""
        fields = self.job.fields
        for wanted in filter(None, (fields.content, fields.url, fields.charset)):
            if wanted not in names:
                raise OptionError(f"there is no column {wanted!r}; there are: {', '.join(map(str, names)) or 'none'}; name yours in Fields(…)")
        taken = taken_names(names, self.job)
        if taken:
            raise OptionError(f"there is a column {taken[0]!r} already; choose another prefix for the result's columns: Job(prefix=…)")

    def read_columns(self) -> tuple[str, ...]:
        """The columns that are read, each once."""
        fields: Fields = self.job.fields
        return tuple(dict.fromkeys(filter(None, (fields.content, fields.url, fields.charset))))


def ready(job: Job | None = None) -> ReadyJob:
    """Make a job ready. Its rules folders are read now: a fault in them is a warning, as it is left out.

    Raises RuleError where a folder does not exist.

    >>> ready().columns({"id": [7, 8], "text": ["The ferry sank on Monday.\\n\\nADVERTISEMENT", None]})["clean_error"]
    [None, "the column 'text' holds nothing, not an article"]
    """
    job = job or Job()
    job = replace(job, rules=tuple(str(Path(folder).absolute()) for folder in job.rules))
    made = ReadyJob(job, knowledge(job.rules))
    for fault in made.rules().faults:
        warnings.warn(f"{fault}; left out", stacklevel=3)
    return made


@cache
def _rules(folders: tuple[str, ...], digest: str) -> RuleSet:
    # The digest belongs to the key: folders that were edited since are read again.
    if knowledge(folders) != digest:
        raise CleanerError(
            "the cleaner here differs from the one that this work comes from: install the same version, have the same rules at the same "
            f"place ({', '.join(folders) or 'only the shipped ones'}), and make the job anew after editing them"
        )
    return load([shipped_folder(), *map(Path, folders)]) if folders else shipped()
