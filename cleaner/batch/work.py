"""From rows to rows: the one function that every way of cleaning many documents is built on.

A row is a mapping of column names to values, as a line of JSONL or a record of Parquet gives it. `clean_batch` takes
rows and a `Job` and gives as many rows back, in the same order: the input's columns and the result's beside them. It
is pure, raises nothing for a document that fails (its row says so), and both its arguments can be pickled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cleaner import pipeline
from cleaner.batch.account import Account, account_of
from cleaner.decode import decode
from cleaner.errors import CleanerError, InputError, OptionError
from cleaner.evidence import Evidence
from cleaner.files import ReadAs
from cleaner.options import Options
from cleaner.pipeline import Begun, weigh_all
from cleaner.result import CleanResult
from cleaner.ruleset import RuleSet, load, shipped, shipped_folder

Row = Mapping[str, Any]
T = TypeVar("T")

# What a result adds to a row, each name after the job's prefix.
RESULT_COLUMNS = ("text", "title", "confidence", "words", "removed_words", "removed", "warnings")
ERROR_COLUMN = "error"
MAX_BYTES = 20_000_000
# So many documents are scored together, and of so many characters, markup included: with more, each takes as long.
TOGETHER = 32
TOGETHER_CHARS = 200_000


@dataclass(frozen=True)
class Fields:
    """Which columns of a row hold what. `content` is the article; None means that no column holds it.

    `charset` names a column with the charset that a transport declared, for content that is bytes.
    """

    content: str = "text"
    read_as: ReadAs = ReadAs.AUTO
    url: str | None = None
    id: str | None = None
    charset: str | None = None


@dataclass(frozen=True)
class Job:
    """How rows are cleaned.

    `rules` are folders of rule files beside the shipped ones, read once a process. A document of more than
    `max_bytes` bytes is not tried. The result's columns are named `prefix` and one of `RESULT_COLUMNS`.
    """

    fields: Fields = Fields()
    options: Options = field(default_factory=Options)
    rules: tuple[str, ...] = ()
    max_bytes: int = MAX_BYTES
    prefix: str = "clean_"

    def names(self) -> tuple[str, ...]:
        """The names of the result's columns, the error's last."""
        return _names(self.prefix)


class Started(NamedTuple):
    """A row whose document was read, and not scored yet; or what was wrong with it."""

    row: Row
    begun: Begun | Outcome


class Outcome(NamedTuple):
    """What became of one document: the result, its columns and account; or an `error` that says what was wrong."""

    columns: dict[str, Any] | None = None
    result: CleanResult | None = None
    account: Account | None = None
    error: str = ""


def clean_batch(rows: Sequence[Row], job: Job) -> list[dict[str, Any]]:
    """Clean rows: as many come back, in order, each with its own columns and the result's.

    `clean_text` (str), `clean_title` (str), `clean_confidence` (0 to 1), `clean_words` and `clean_removed_words` (int),
    `clean_removed` (a list of {kind, pieces, words}), `clean_warnings` (a list of str), `clean_error` (str). Where a
    document failed, `clean_error` says why and the others are None; else it is None. Raises OptionError where a row
    already has a column of such a name, RuleError for a faulty rule file.

    >>> done = clean_batch([{"id": 7, "text": "The ferry sank on Monday.\\n\\nADVERTISEMENT"}, {"id": 8}], Job())
    >>> [row["clean_text"] for row in done]
    ['The ferry sank on Monday.', None]
    >>> done[1]["clean_error"]
    "the row has no column 'text'; it has: id"
    """
    for row in rows:
        taken = taken_names(row, job)
        if taken:
            raise OptionError(f"the input has a column {taken[0]!r} already; choose another prefix for the result's columns")
    done = []
    for row, outcome in zip(rows, clean_rows(rows, job, read_rules(job.rules))):
        none: dict[str, Any] = dict.fromkeys(job.names())
        done.append({**row, **none, **(outcome.columns or {}), job.prefix + ERROR_COLUMN: outcome.error or None})
    return done


def clean_rows(rows: Iterable[Row], job: Job, rules: RuleSet) -> Iterator[Outcome]:
    """Clean the rows' documents, some at a time. Never raises for what they hold."""
    for some in gathered(begin_row(row, job, rules) for row in rows):
        yield from end_rows(some, job)


def clean_row(row: Row, job: Job, rules: RuleSet) -> Outcome:
    """Clean one row's document. Never raises for what it holds."""
    (outcome,) = end_rows([begin_row(row, job, rules)], job)
    return outcome


def begin_row(row: Row, job: Job, rules: RuleSet) -> Started:
    """Read a row's document. Never raises for what it holds."""
    return Started(row, _tried(_begun, row, job, rules))


def gathered(started: Iterable[Started]) -> Iterator[list[Started]]:
    """Rows in groups that are scored together, in order, none of which holds much."""
    some: list[Started] = []
    chars = 0
    for one in started:
        some.append(one)
        chars += 0 if isinstance(one.begun, Outcome) else len(one.begun.page or one.begun.document.text)
        if len(some) == TOGETHER or chars >= TOGETHER_CHARS:
            yield some
            some, chars = [], 0
    if some:
        yield some


def end_rows(started: Sequence[Started], job: Job) -> Iterator[Outcome]:
    """Score the documents that were read, all at once, and end with each in its turn. Never raises for what they hold."""
    scored = _tried(weigh_all, [one.begun for one in started if isinstance(one.begun, Begun)], job.options)
    # Where it failed each is scored alone, and fails alone.
    evidence = iter([] if isinstance(scored, Outcome) else scored)
    for row, begun in started:
        yield begun if isinstance(begun, Outcome) else _tried(_ended, row, begun, next(evidence, None), job)


def _tried(step: Callable[..., T], *given: Any) -> T | Outcome:
    """What a step gives, or why it failed."""
    try:
        return step(*given)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except CleanerError as error:
        return Outcome(error=str(error))
    except BaseException as error:  # a panic of a compiled dependency is no Exception
        return Outcome(error=f"a fault of cleaner itself, please report it: {type(error).__name__}: {error}")


@cache
def read_rules(folders: tuple[str, ...]) -> RuleSet:
    """The shipped rules and those in `folders`, read once a process."""
    return load([shipped_folder(), *map(Path, folders)]) if folders else shipped()


def taken_names(names: Row | Sequence[str], job: Job) -> list[str]:
    """Those of the result's columns that the input has already."""
    return [name for name in job.names() if name in names]


def _begun(row: Row, job: Job, rules: RuleSet) -> Begun:
    fields = job.fields
    if not row.keys().isdisjoint(job.names()):
        taken = taken_names(row, job)[0]
        raise InputError(f"the row has a column {taken!r} already, which a result must not overwrite; choose another prefix")
    if fields.content not in row:
        raise InputError(f"the row has no column {fields.content!r}; it has: {', '.join(map(str, row)) or 'none'}")
    content = row[fields.content]
    if isinstance(content, (bytes, bytearray, memoryview)):
        content = bytes(content)
    elif not isinstance(content, str):
        held = "nothing" if content is None else f"a {type(content).__name__}"
        raise InputError(f"the column {fields.content!r} holds {held}, not an article")
    # No character has more than four bytes.
    if len(content) * 4 > job.max_bytes:
        size = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "surrogatepass"))
        if size > job.max_bytes:
            raise InputError(
                f"the document has {size:,} bytes, more than the {job.max_bytes:,} that are allowed; raise --max-bytes to clean it"
            )
    if isinstance(content, bytes):
        charset = row.get(fields.charset) if fields.charset else None
        content = decode(content, charset=charset if isinstance(charset, str) else None)
    url = row.get(fields.url) if fields.url else None
    read = pipeline.begin if fields.read_as is ReadAs.AUTO else pipeline.begin_html if fields.read_as is ReadAs.HTML else pipeline.begin_text
    return read(content, url=url if isinstance(url, str) and url else None, rules=rules, options=job.options)


def _ended(row: Row, begun: Begun, evidence: Evidence | None, job: Job) -> Outcome:
    if evidence is None:
        (evidence,) = weigh_all([begun], job.options)
    result = pipeline.conclude(begun, evidence, job.options)
    account = account_of(result, row.get(job.fields.url) if job.fields.url else None)
    return Outcome(_columns(result, account, job.prefix), result, account)


def _columns(result: CleanResult, account: Account, prefix: str) -> dict[str, Any]:
    kinds: dict[str, tuple[int, int]] = {}
    for (kind, _), (pieces, count) in account.removed.items():
        before = kinds.get(kind, (0, 0))
        kinds[kind] = (before[0] + pieces, before[1] + count)
    removed = [{"kind": kind, "pieces": pieces, "words": count} for kind, (pieces, count) in sorted(kinds.items())]
    values = (
        result.text, result.title or "", _rounded(result.confidence), account.kept, sum([count for _, count in kinds.values()]), removed,
        list(result.warnings),
    )  # fmt: skip
    return dict(zip(_names(prefix), values))


def _rounded(share: float) -> float:
    """To three places. `round` goes by way of a string, ten times as slow."""
    return int(share * 1000 + 0.5) / 1000


@cache
def _names(prefix: str) -> tuple[str, ...]:
    return tuple(prefix + name for name in (*RESULT_COLUMNS, ERROR_COLUMN))
