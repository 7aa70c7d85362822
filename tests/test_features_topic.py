"""Where the subject changes, the vocabulary does."""

from __future__ import annotations

import numpy as np

from cleaner.features import read_text
from cleaner.features_topic import topic_columns

FERRY = [
    "The harbour council of Lomvik will pay for a second ferry, because the old ferry cannot carry the lorries that cross the fjord each morning.",
    "Lorries wait up to three hours at the quay, and the drivers sleep in the cabs; the council counted ninety lorries on a single morning in May.",
    "A second ferry costs eleven million crowns a year, says the harbour master, and the council has the money from the sale of the old quay.",
    "The ferry is to cross the fjord from next spring, and drivers of lorries are to book their place at the quay the evening before.",
]
OTHERS = [
    "Three bakers from Ostby share a prize for rye bread that rises without yeast, and tell how their grandmothers kept the dough alive in winter.",
    "Why do swifts return to one nest for twelve summers? A biologist has ringed them since 1994 and found an answer nobody expected of birds.",
]


def columns(texts: list[str]) -> dict[str, list[float]]:
    found = topic_columns(read_text(texts, "A second ferry"))
    return {name: found[name].tolist() for name in found.names}


def test_teasers_of_other_subjects_stand_behind_a_break() -> None:
    found = columns([*FERRY, *OTHERS])
    break_before, shared = found["topic_break_before"], found["topic_shared"]
    assert max(break_before[4:]) < 0.25 < min(break_before[:4])
    assert max(shared[4:]) < min(shared[:4])
    assert found["topic_after"][4] == break_before[4]


def test_what_stands_before_the_article_is_before_a_break() -> None:
    found = columns([*OTHERS, *FERRY])
    assert max(found["topic_break_after"][:2]) < min(found["topic_break_after"][3:])


def test_an_article_by_itself_has_no_break() -> None:
    assert min(columns(FERRY)["topic_break_before"]) > 0.25
    assert columns(["One line."]) == {
        "topic_after": [0.5], "topic_before": [0.5], "topic_break_before": [1], "topic_break_after": [1], "topic_shared": [0],
    }  # fmt: skip


def test_where_scripts_have_no_spaces_pairs_of_characters_are_words() -> None:
    ferry = "第二艘渡轮将于明年春天开始横渡峡湾，港务局表示渡轮每年耗资一千一百万克朗，码头的卡车司机须提前预订渡轮的位置。"
    bread = "三位面包师因黑麦面包获奖，他们讲述祖母如何在冬天保存面团，评委称赞其香味浓郁，小镇居民排队购买，直到傍晚全部售罄。"
    after = columns([ferry, ferry.replace("明年", "后年"), bread])["topic_after"]
    assert after[2] < 0.2 < after[1]
    assert not np.isnan(after).any()
