"""The articles of a folder into another folder: a few by this process, many on all cores.

Each file is read, cleaned and written whole by one process, so that a run which is stopped leaves whole files or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cleaner.batch.engine import cores
from cleaner.batch.pool import Lost, Pool
from cleaner.batch.serve import Answers, one_by_one
from cleaner.commands.settings import Settings, cleaned, problem, rules_of
from cleaner.files import Format, ReadAs, Source, rendered, write_whole
from cleaner.options import Options
from cleaner.result import CleanResult
from cleaner.tally import Tally

# For fewer files, processes take longer to start than they save.
FEWEST = 100
# Files that a process is handed at once.
HANDED = 8


class Written(NamedTuple):
    """How articles of a file each are written, and the address of the only one."""

    form: Format
    title: bool
    url: str | None


class Crew(NamedTuple):
    """Who cleans a folder: processes (0 means one a core, if there is enough for them to do) that read the rules in
    `folders`; `timeout` is in seconds a file, None for ever, and watched over where other processes clean."""

    folders: tuple[Path, ...]
    workers: int = 0
    timeout: float | None = None


class Order(NamedTuple):
    """One file to clean, and where its article goes."""

    source: Source
    target: Path


class Told(NamedTuple):
    """What became of one file: its words and warnings, or the `error` for which it failed."""

    order: Order
    tally: Tally
    warnings: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Manner:
    """How a folder is cleaned, as another process can be told. `rules` are all its folders of rules."""

    read_as: ReadAs
    rules: tuple[Path, ...]
    options: Options
    written: Written

    def __call__(self) -> Answers:
        """Make ready in a process: gives what cleans the files of a handful."""
        settings = Settings(self.read_as, None, rules_of(self.rules), self.options)
        return one_by_one(lambda handful, i: clean_into(handful.items[i], settings, self.written))


class Handful(NamedTuple):
    """Some files for one process."""

    items: tuple[Order, ...]


def clean_into(order: Order, settings: Settings, written: Written) -> Told:
    """Clean one file into its target. Raises nothing for what the file holds."""
    source = order.source
    try:
        result = cleaned(source, settings)
        write_whole(order.target, render(result, source, written, indent=None))
        return Told(order, Tally.of(result), result.warnings)
    except Exception as error:
        return Told(order, Tally(), error=problem(source.name, error))


def render(result: CleanResult, source: Source, written: Written, *, indent: int | None) -> str:
    """The article as it is written."""
    return rendered(result, written.form, path=source.name, title=written.title, indent=indent)


def clean_folder(orders: Sequence[Order], settings: Settings, written: Written, crew: Crew) -> Iterator[Told]:
    """Clean all, and tell of each in the order given."""
    if crew.workers == 1 or (not crew.workers and len(orders) < FEWEST):
        yield from (clean_into(order, settings, written) for order in orders)
        return
    manner = Manner(settings.read_as, tuple(folder.absolute() for folder in crew.folders), settings.options, written)
    # Standard input is this process's alone: processes are handed the rest, and it is cleaned when its turn comes.
    theirs = [order for order in orders if order.source.path is not None]
    handfuls = (Handful(tuple(theirs[i : i + HANDED])) for i in range(0, len(theirs), HANDED))
    with Pool(manner, workers=crew.workers or cores(), timeout=crew.timeout) as pool:
        told = (one for handful, answers in pool.run(handfuls) for one in zip(handful.items, answers))
        for order in orders:
            if order.source.path is None:
                yield clean_into(order, settings, written)
                continue
            _, said = next(told)
            yield Told(order, Tally(), error=said.why) if isinstance(said, Lost) else said
