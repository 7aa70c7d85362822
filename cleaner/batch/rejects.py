"""What is written of a document that could not be cleaned: where it stands, why, and itself."""

from __future__ import annotations

from cleaner.batch.json_lines import to_json
from cleaner.batch.records import Record
from cleaner.batch.work import Fields
from cleaner.errors import InputError


def reject_line(record: Record, *, source: str, fields: Fields, why: str, row: dict[str, object] | None = None) -> bytes:
    """A line of JSON: the document's id, its input and position (from 1), the error, and the row, or the line as it is
    stored where it is no row."""
    said: dict[str, object] = {"id": None, "input": source, "position": record.position + 1, "place": record.place, "error": why}
    try:
        row = record.row() if row is None else row
        return to_json({**said, "id": row.get(fields.id) if fields.id else None, "row": row}) + b"\n"
    except (InputError, RecursionError):
        line: object = record.data
        if isinstance(line, bytes):
            try:
                line = line.decode("utf-8")
            except UnicodeDecodeError:
                pass  # then its bytes are written
        return to_json({**said, "line": line if isinstance(line, (str, bytes)) else str(line)}) + b"\n"
