"""Values are read by the form that their key wants."""

from __future__ import annotations

import datetime

import pytest

from cleaner.errors import RuleError
from cleaner.keys import Form, Key, Period, Table

KEYS = (Key("name", Form.STRING, "A name.", required=True), Key("size", Form.INTEGER, "A size."))


def table(**values: object) -> Table:
    return Table(values, KEYS, lambda problem, key="": RuleError(problem, file="x.toml", key=key))


def test_a_table_has_what_it_must_and_nothing_else() -> None:
    table(name="a").check()
    with pytest.raises(RuleError, match=r"has no name: A name\.") as caught:
        table(size=1).check()
    assert caught.value.key == "name"
    with pytest.raises(RuleError, match=r"unknown key 'nam'; did you mean 'name'\? the keys are name, size"):
        table(nam="a").check()


def test_a_hint_is_given_only_where_a_word_is_near() -> None:
    with pytest.raises(RuleError, match="unknown key 'zzz'; the keys are"):
        table(name="a", zzz=1).check()


def test_a_period_holds_on_its_first_and_last_day_and_on_days_unknown() -> None:
    period = Period(datetime.date(2024, 1, 2), datetime.date(2024, 1, 4))
    days = [datetime.date(2024, 1, day) for day in range(1, 6)]
    assert [period.holds(day) for day in days] == [False, True, True, True, False]
    assert period.holds(None)


def test_a_time_of_day_is_the_day() -> None:
    assert table(valid_from=datetime.datetime(2024, 1, 2, 3)).period() == Period(datetime.date(2024, 1, 2), None)
