"""Every mistake in one table of a rule file, by the declared keys: names, forms of values, what is missing."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from cleaner.authoring.finding import Problem
from cleaner.keys import Form, Key, did_you_mean

TYPES: Mapping[Form, tuple[type, ...]] = {
    Form.STRING: (str,), Form.STRINGS: (str, list), Form.INTEGER: (int,), Form.BOOLEAN: (bool,), Form.DATE: (datetime.date,),
}  # fmt: skip
WRITE = {
    Form.STRING: '"text"',
    Form.STRINGS: '"text" or ["text", "more text"]',
    Form.INTEGER: "12, a whole number without quotes",
    Form.BOOLEAN: "true or false, without quotes",
    Form.DATE: "2024-01-31, a date without quotes",
}
# Keys that people look for in the wrong table, and what to do instead.
ELEMENT_KEYS = "select up closest and_following contains equals".split()
ELSEWHERE = {
    **dict.fromkeys(ELEMENT_KEYS, "it chooses elements of a page: write it in a [[remove]] table of a site's file"),
    "keep": "elements to keep are listed in a site file's [html] table; for words write a [[protect]] rule",
    "remove": "elements to remove are listed in a site file's [html] table; a rule has a kind and phrases or a pattern",
}


def check_table(values: Mapping[str, Any], keys: Sequence[Key], *, complete: bool = True) -> Iterator[Problem]:
    """The mistakes that the declared `keys` show. `complete` False asks for no required keys."""
    known = {key.name: key for key in keys}
    meant = set()
    for name, value in values.items():
        key = known.get(name)
        if key is None:
            hint = did_you_mean(name, list(known))
            meant |= {other for other in known if f"{other!r}" in hint}
            yield Problem(f"unknown key {name!r}; {_instead(name, hint, known)}", name)
        else:
            yield from _check_value(key, value)
    if complete:
        for key in keys:
            if key.required and key.name not in meant and values.get(key.name, []) in ([], ""):
                yield Problem(f"has no {key.name}; write {key.name} = {_example(key)}: {_lower(key.doc)}", key.name if key.name in values else "")
    yield from _check_period(values)


def _instead(name: str, hint: str, known: Collection[str]) -> str:
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    return hint.strip() or f"the keys are {', '.join(sorted(known))}"


def _example(key: Key) -> str:
    return {"id": '"language-what-it-finds"', "select": '".share"'}.get(key.name) or (f'"{next(iter(key.choices))}"' if key.choices else WRITE[key.form])


def _lower(doc: str) -> str:
    return doc[:1].lower() + doc[1:].rstrip(".")


def _check_value(key: Key, value: Any) -> Iterator[Problem]:
    right = isinstance(value, TYPES[key.form]) and (key.form is Form.BOOLEAN or not isinstance(value, bool))
    if not right:
        yield Problem(f"{key.name} must be {_a(key.form)}, not {_shown(value)}; write {key.name} = {WRITE[key.form]}", key.name)
        return
    if key.form is Form.INTEGER and value < 0:
        yield Problem(f"{key.name} = {value} is below 0; write a number of 0 or more", key.name)
    for number, item in enumerate(value if isinstance(value, list) else [value]):
        place = number if isinstance(value, list) else -1
        if key.form is Form.STRINGS and not isinstance(item, str):
            yield Problem(f"{key.name} holds {_shown(item)}, which is no string; put it in quotes", key.name, place)
        elif key.form is Form.STRINGS and not item.strip():
            yield Problem(f"{key.name} holds an empty string; write the text, or leave it out", key.name, place)
        elif key.choices and item not in set(key.choices):
            hint = did_you_mean(item, list(key.choices)) if isinstance(item, str) else ""
            tail = f"{'; ' if hint else ''}{hint.strip()}"
            yield Problem(f"{key.name} = {_shown(item)} is not one of {', '.join(key.choices)}{tail}", key.name, place)


def _check_period(values: Mapping[str, Any]) -> Iterator[Problem]:
    days = [v.date() if isinstance(v, datetime.datetime) else v for v in (values.get("valid_from"), values.get("valid_until"))]
    since, until = (d if isinstance(d, datetime.date) else None for d in days)
    if since and until and until < since:
        yield Problem(f"valid_until = {until} lies before valid_from = {since}; exchange them", "valid_until")


def _a(form: Form) -> str:
    return {
        Form.STRING: "a string",
        Form.STRINGS: "a string or a list of strings",
        Form.INTEGER: "a whole number",
        Form.BOOLEAN: "true or false",
        Form.DATE: "a date",
    }[form]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, (str, list, dict)) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
