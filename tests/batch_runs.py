"""What the tests of batches share: a corpus, runs of the command, and a pool without processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from cleaner import cli
from cleaner.batch.answer import Work
from cleaner.batch.json_lines import to_json

BODY = "The bridge over the Skel opened on Monday, two years later than the council had promised, and number {} was closed again."
MORE = "Mayor Ines Hollund, who had held the scissors, said that nobody was hurt and that the bridge itself had not burned."


def text(number: int) -> str:
    return "\n\n".join((f"Skelby bridge {number} opens late", BODY.format(number), "ADVERTISEMENT", MORE, "All rights reserved."))


def row(number: int, **more: object) -> dict[str, Any]:
    return {"id": number, "url": f"https://paper{number % 2}.example/{number}", "text": text(number), **more}


def write_lines(path: str, rows: list[Any]) -> Path:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"".join((r if isinstance(r, bytes) else to_json(r)) + b"\n" for r in rows))
    return target


def rows_of(path: str | Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["clean", *map(str, args)])


def files(folder: str | Path = ".") -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


class Inline:
    """In the place of `pool.Pool`: answers in this process, which is quick, and can be stopped where a test wants."""

    def __init__(self, setup: Work, *, together: Callable[[list[Any]], Any], **_: object) -> None:
        self.answer = setup()
        self.together = together

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, tasks: Iterator[Any]) -> Iterator[tuple[Any, list[Any]]]:
        for task in tasks:
            yield task, [self.together(list(self.answer(task, range(len(task.items)), lambda i: None)))]
