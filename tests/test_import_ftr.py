"""FiveFilters' configurations as site files, with invented sites; all published ones where the archive is."""

from __future__ import annotations

import io
import json
import os
import tarfile
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("elementpath")
pytest.importorskip("tomlkit")

from cleaner.authoring.ftr_format import configurations, read_directives, target
from cleaner.authoring.import_ftr import import_ftr
from cleaner.authoring.import_report import Fate, report, summary
from cleaner.errors import InputError
from cleaner.site import parse_site

LOMVIK = """# Lomvik Herald
title: //h1[@class='headline']
author: substring-after(//p[@class='by'], 'By ')
author: //meta[@name='author']/@content
author: ("Ida Vik")
date: //time/@datetime
body: //div[contains(@class, 'story')] | //main
body: (//article)[1]

strip: //div[@class='share']
strip: //p[contains(., 'Advert')]/..
strip: //p[text()='More']
strip: //aside | //p[contains(text(), 'Read on')]
strip: //div/text()
strip: //h3/following-sibling::text()
strip: //iframe/@width
strip: //div[ends-with(@id, 'x')]
strip_id_or_class: "promo"
strip_image_src: spacer.gif
dissolve: //span[@class='initial']
replace_string(<center>):
replace_string(<img data-src): <img src
find_string: Read our app
replace_string: -
move_into(body): //p
prune: no
http_header(user-agent): Mozilla/5.2
single_page_link: //a[@class='all']
test_url: https://lomvik-herald.example/news/1
not a line
"""


def fates(text: str) -> list[tuple[str, Fate]]:
    return [(o.directive, o.fate) for o in import_ftr("lomvik-herald.example.txt", text).outcomes]


def test_a_configuration_becomes_a_site_file() -> None:
    found = import_ftr("lomvik-herald.example.txt", LOMVIK)
    assert found.path == "sites/lomvik-herald.example.toml"
    assert found.state == "part"
    assert found.toml.startswith("# A page to test it with: https://lomvik-herald.example/news/1\n")
    assert tomllib.loads(found.toml) == {
        "site": {
            "hosts": ["lomvik-herald.example"],
            "source": "FiveFilters site configuration lomvik-herald.example.txt (CC0)",
        },
        "html": {
            "body": ['div[class*="story"], main', "xpath:(//article)[1]"],
            "title": ['h1[class="headline"]'],
            "byline": ['p[class="by"]', 'meta[name="author"][content]'],
            "date": ["time[datetime]"],
            "unwrap": ['span[class="initial"]', "center"],
            "remove": [
                'div[class="share"]',
                "xpath://p[text()='More']",
                "aside",
                "xpath://p[contains(text(), 'Read on')]",
                '[class*="promo"], [id*="promo"]',
                'img[src*="spacer.gif"]',
            ],
        },
        "remove": [{"select": "p", "up": 1, "pattern": "(?-i:Advert)"}],
    }
    assert parse_site(found.toml, file=found.path, fragments={}).name == "lomvik-herald.example"


@pytest.mark.parametrize(
    "line, fate",
    [
        ("strip: //p", Fate.CSS),
        ("strip: //p/ancestor::div[1]", Fate.KEYS),
        ("strip: (//p)[1]", Fate.XPATH),
        ("strip: //div/text()", Fate.LOST),
        ("strip: //h3/following-sibling::text()", Fate.LOST),
        ("strip: //b | //p/text()[1]", Fate.LOST),
        ("strip: div[@id='a']", Fate.LOST),
        ("strip: //div[ends-with(@id, 'x')]", Fate.LOST),
        ("strip: //p[", Fate.LOST),
        ("strip: //iframe/@width", Fate.FOREIGN),
        ("strip: //comment()", Fate.FOREIGN),
        ("body: count(//p)", Fate.LOST),
        ('author: "Ida Vik"', Fate.FOREIGN),
        ("titel: //h1", Fate.LOST),
        ("prune: yes", Fate.FOREIGN),
        ("next_page_link: //a", Fate.FOREIGN),
        ("replace_string(Read our app): -", Fate.LOST),
        ("replace_string(<h2 class=): <h3 class=", Fate.FOREIGN),
        ("replace_string(<big>):", Fate.CSS),
    ],
)
def test_the_fate_of_a_line(line: str, fate: Fate) -> None:
    found = import_ftr("x.example.txt", line)
    assert [o.fate for o in found.outcomes] == [fate]
    assert bool(found.outcomes[0].reason) == (fate in (Fate.LOST, Fate.FOREIGN))


def test_find_string_belongs_to_the_replacement_after_it() -> None:
    found = import_ftr("x.example.txt", "find_string: Read our app\nfind_string: <big>\nreplace_string: -\nreplace_string:")
    assert [(o.value, o.fate) for o in found.outcomes] == [("Read our app → -", Fate.LOST), ("<big> → ", Fate.CSS)]


@pytest.mark.parametrize(
    "name, place",
    [
        ("news.lomvik.example.txt", ("sites", "news.lomvik.example", ("news.lomvik.example",))),
        (".lomvik.example.txt", ("sites", "_.lomvik.example", ("*.lomvik.example",))),
        ("global.txt", ("templates", "global", ())),
    ],
)
def test_the_file_name_says_the_hosts(name: str, place: tuple[str, str, tuple[str, ...]]) -> None:
    assert target(name) == place


def test_directives_are_read_as_they_are_written() -> None:
    found = read_directives("body : //a\n  strip://b[c=':']\nreplace_string(a:b): c:d\n#title: //x\n\nno directive")
    assert [tuple(d) for d in found] == [("body", "", "//a", 1), ("strip", "", "//b[c=':']", 2), ("replace_string", "a:b", "c:d", 3)]


def test_a_folder_and_an_archive_hold_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "ftr"
    folder.mkdir()
    for name in ("b.example.txt", ".a.example.txt", "LICENSE.txt", "README.md"):
        (folder / name).write_text("body: //main", encoding="utf-8")
    archive = tmp_path / "ftr.tar.xz"
    with tarfile.open(archive, "w:xz") as packed:
        for path in sorted(folder.iterdir(), reverse=True):
            data = path.read_bytes()
            entry = tarfile.TarInfo(f"ftr-site-config/{path.name}")
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
    assert [name for name, _ in configurations(folder)] == [".a.example.txt", "b.example.txt"]
    assert list(configurations(archive)) == list(configurations(folder))
    with pytest.raises(InputError, match="give the folder or archive"):
        list(configurations(tmp_path / "none"))


def test_the_report_counts() -> None:
    figures = report([import_ftr("a.example.txt", "body: //main\nstrip: //p/text()"), import_ftr("b.example.txt", "prune: no")])
    assert figures["files by state"] == {"whole": 0, "part": 1, "not": 0, "empty": 1}
    assert figures["share of expressions carried over"] == 0.5
    assert [row["value"] for row in figures["not carried over"]] == ["//p/text()"]
    assert "1 not carried over: strip: text, not an element" in summary(figures)
    json.dumps(figures)


ARCHIVE = Path(os.environ.get("CLEANER_DATA", "absent")) / "corpus" / "ftr-site-config.tar.xz"


@pytest.mark.skipif(not ARCHIVE.exists(), reason="the published configurations are not here; set CLEANER_DATA")
def test_all_published_configurations() -> None:
    imported = [import_ftr(name, text) for name, text in configurations(ARCHIVE)]
    assert len({one.path for one in imported}) == len(imported)
    for one in imported:
        if one.toml:
            parse_site(one.toml, file=one.path, fragments={})
    figures = report(imported)
    assert figures["share of files carried over"] >= 0.95
    assert figures["share of expressions carried over"] >= 0.97
