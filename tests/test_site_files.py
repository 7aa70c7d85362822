"""Which file belongs to an article: by its host, its path, its day, its text; and how several become one."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from cleaner.page_head import published
from cleaner.ruleset import RuleSet, load
from cleaner.site import parse_site
from cleaner.site_files import SiteFiles, covers

RULE = '[[rule]]\nid = "{0}"\nkind = "legal"\nphrases = ["{1}"]\nhit = "x"\nmiss = "y"\n'


def rules(folder: Path, **files: str) -> Path:
    """A rules folder; a file's name has `__` for a slash and `_` for a dot."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/").replace("_", ".") + ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def found(ruleset: RuleSet, url: str | None, name: str = "", **more: object) -> str | None:
    """What the site's file says of itself."""
    site = ruleset.site(url, name, **more)  # type: ignore[arg-type]
    return site and site.file.why


@pytest.fixture
def three(tmp_path: Path) -> RuleSet:
    return load([rules(
        tmp_path,
        sites__lomvik_example='[site]\nwhy = "domain"',
        sites__news_lomvik_example='[site]\nwhy = "news"\npaths = ["/a/*", "/b*"]',
        sites__skelby_example='[site]\nwhy = "listed"\nhosts = ["skelby.example", "*.tideway.example"]\nfingerprint = ["© Skelby Post"]',
    )])  # fmt: skip


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://lomvik.example/a", "domain"),
        ("https://www.lomvik.example/a", "domain"),
        ("https://LOMVIK.example:8080", "domain"),
        ("lomvik.example/x", "domain"),
        ("https://sport.lomvik.example/a", "domain"),
        ("https://news.lomvik.example/a/1", "news"),
        ("https://www.news.lomvik.example/bridge", "news"),
        ("https://news.lomvik.example/c/1", "domain"),
        ("https://notlomvik.example/a", None),
        ("https://example/a", None),
        ("https://skelby.example/", "listed"),
        ("https://www.skelby.example/", "listed"),
        ("https://news.skelby.example/", None),
        ("https://a.b.tideway.example/", "listed"),
        ("https://tideway.example/", None),
        ("https://../../lomvik.example", None),
        ("not a url", None),
        ("http://[", None),
        ("", None),
        (None, None),
    ],
)
def test_the_nearest_domain_with_a_file_that_covers_the_url(three: RuleSet, url: str | None, why: str | None) -> None:
    assert found(three, url) == why


def test_a_domain_named_wins_over_the_url(three: RuleSet) -> None:
    assert found(three, "https://lomvik.example/", "skelby.example") == "listed"
    assert found(three, None, "news.lomvik.example") == "news"
    assert found(three, "https://news.lomvik.example/c", "news.lomvik.example") == "domain"


def test_a_text_without_a_url_is_known_by_its_fingerprint(three: RuleSet) -> None:
    assert found(three, None, texts=["The ferry left.", "» © SKELBY  Post."]) == "listed"
    assert found(three, None, texts=["The © Skelby Post left."]) is None
    assert found(three, "https://elsewhere.example", texts=["© Skelby Post"]) is None


def test_names_and_hosts_outside_ascii(tmp_path: Path) -> None:
    folder = rules(tmp_path, sites__bücher_example='[site]\nwhy = "named"', sites__x_example='[site]\nhosts = ["Übung.example"]\nwhy = "listed"')
    ruleset = load([folder])
    assert [found(ruleset, f"https://{host}/") for host in ("bücher.example", "xn--bcher-kva.example")] == ["named", "named"]
    assert [found(ruleset, f"https://{host}/") for host in ("übung.example", "xn--bung-zra.example")] == ["listed", "listed"]


def test_only_files_that_must_be_known_are_opened_beforehand(three: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = SiteFiles.read
    monkeypatch.setattr(SiteFiles, "read", lambda self, path, fragments: (read.append(path.name), original(self, path, fragments))[1])
    assert found(three, "https://elsewhere.example/") is None
    assert read == ["skelby.example.toml"]


def test_what_is_found_does_not_depend_on_what_was_asked_before(three: RuleSet, tmp_path: Path) -> None:
    urls = ["https://news.lomvik.example/a/1", "https://skelby.example/", "https://lomvik.example/"]
    once = {url: found(three, url) for url in urls}
    again = load([tmp_path])
    assert {url: found(again, url) for url in reversed(urls)} == once
    assert three.site(urls[0]) == three.site(urls[0])


def test_a_later_folder_extends_and_overrides(tmp_path: Path) -> None:
    first = rules(
        tmp_path / "1",
        sites__lomvik_example='[site]\nlang = "en"\noff = ["a"]\n[html]\nbody = ["main"]\nkeep = [".q"]\nremove = [".x", ".y"]\n'
        '[[remove]]\nid = "share"\nselect = ".old"\n[[remove]]\nselect = ".ad"\n' + RULE.format("r1", "One") + RULE.format("r2", "Two"),
    )
    second = rules(
        tmp_path / "2",
        sites__lomvik_example='[site]\nlang = "no"\n[html]\nbody = ["article"]\nremove = []\n'
        '[[remove]]\nid = "share"\nselect = ".new"\n[[remove]]\nselect = ".more"\n' + RULE.format("r2", "Three"),
    )
    site = load([first, second]).site("https://lomvik.example")
    assert site is not None
    assert (site.file.lang, site.file.off, site.file.file) == ("no", ("a",), str(second / "sites/lomvik.example.toml"))
    assert (site.file.html.body, site.file.html.keep, site.file.html.remove) == (("article",), (".q",), ())
    assert sorted((r.id, r.select) for r in site.file.removes) == [
        ("lomvik.example-remove-2", (".more",)), ("lomvik.example-remove-4", (".ad",)), ("share", (".new",)),
    ]  # fmt: skip
    assert [(rule.id, rule.pattern_or_phrases) for rule in site.rules.rules] == [("r1", ("One",)), ("r2", ("Three",))]
    assert site.off == {"a", "r1", "r2"}


def test_ids_that_no_author_gave_override_nothing(tmp_path: Path) -> None:
    one = rules(tmp_path / "1", sites__lomvik_example='[[remove]]\nselect = ".a"\n[[remove]]\nselect = ".b"')
    two = rules(tmp_path / "2", sites__lomvik_example='[html]\nremove = ".c"\n[[remove]]\nselect = ".d"')
    site = load([one, two]).site("https://lomvik.example")
    assert site is not None
    assert {r.select for r in site.file.removes} == {(".a",), (".b",), (".c",), (".d",)}
    assert len({r.id for r in site.file.removes}) == 4


def test_a_template_is_below_the_file_that_extends_it(tmp_path: Path) -> None:
    folder = rules(
        tmp_path,
        templates__arc='[site]\nextends = "base"\nhosts = ["y.example"]\nlang = "no"\n[html]\nbody = ["main"]\ntitle = "h2"',
        templates__base='[html]\ntitle = "h1"\nkeep = ".q"\n[[remove]]\nid = "base-ad"\nselect = ".ad"',
        sites__lomvik_example='[site]\nextends = ["arc"]\n[html]\nbody = ["article"]',
    )
    ruleset = load([folder])
    site = ruleset.site("https://lomvik.example")
    assert site is not None
    assert (site.file.html.body, site.file.html.title, site.file.html.keep, site.file.lang) == (("article",), ("h2",), (".q",), "no")
    assert [r.id for r in site.file.removes] == ["base-ad"]
    assert site.warnings == ()
    assert [ruleset.site(f"https://{host}") for host in ("y.example", "arc", "base")] == [None, None, None]


def test_templates_that_extend_each_other_or_are_missing_do_no_harm(tmp_path: Path) -> None:
    folder = rules(
        tmp_path, templates__a='[site]\nextends = "b"\n[html]\nkeep = ".a"', templates__b='[site]\nextends = "a"\n[html]\ntitle = ".b"',
        sites__lomvik_example='[site]\nextends = ["a", "none"]',
    )  # fmt: skip
    site = load([folder]).site("https://lomvik.example")
    assert site is not None
    assert (site.file.html.keep, site.file.html.title) == ((".a",), (".b",))
    assert len(site.warnings) == 1
    assert "extends 'none', but no folder templates/ has none.toml; there are a, b" in site.warnings[0]


def test_a_file_is_for_its_period(tmp_path: Path) -> None:
    folder = rules(tmp_path, sites__lomvik_example='[site]\nwhy = "old"\nvalid_until = 2020-12-31')
    rules(tmp_path / "2", sites__lomvik_example='[site]\nwhy = "new"\nvalid_from = 2021-01-01')
    ruleset = load([folder, tmp_path / "2"])
    days = {None: "new", datetime.date(2020, 5, 1): "old", datetime.date(2022, 1, 1): "new"}
    assert {day: found(ruleset, "https://lomvik.example/", when=lambda d=day: d) for day in days} == days
    assert found(load([folder]), "https://lomvik.example/", when=lambda: datetime.date(2022, 1, 1)) is None


def test_the_day_is_asked_only_where_it_matters(three: RuleSet) -> None:
    def when() -> datetime.date:
        raise AssertionError

    assert found(three, "https://lomvik.example/", when=when) == "domain"


@pytest.mark.parametrize(
    ("url", "page", "day"),
    [
        ("https://x.example/2024/03/12/ferries", None, (2024, 3, 12)),
        ("https://x.example/news/2024-3-2-ferries", None, (2024, 3, 2)),
        ("https://x.example/20240312/ferries", None, (2024, 3, 12)),
        ("https://x.example/article-2024031299", None, None),
        ("https://x.example/2024/13/12", None, None),
        ("https://x.example/2024/02/31", '<meta property="article:published_time" content="2024-03-01T10:00">', (2024, 3, 1)),
        (None, "<meta content='2024-03-01' property='article:published_time'>", (2024, 3, 1)),
        (None, '<script>{"datePublished" : "2024-03-01T10:00:00Z"}</script>', (2024, 3, 1)),
        (None, "<p>2024-03-01", None),
        (None, None, None),
    ],
)
def test_the_day_of_an_article(url: str | None, page: str | None, day: tuple[int, int, int] | None) -> None:
    assert published(url, page) == (day and datetime.date(*day))


def test_faults_of_a_sites_file_are_told_where_it_is_used(tmp_path: Path) -> None:
    folder = rules(tmp_path, sites__lomvik_example='[html]\nbdy = "p"\n[[remove]]\nid = "a"', sites__skelby_example="[html")
    (tmp_path / "sites/tideway.example.toml").write_bytes(b"# \xff")
    ruleset = load([folder])
    assert ruleset.faults == ()
    told = {host: ruleset.site(f"https://{host}.example").warnings for host in ("lomvik", "skelby", "tideway")}  # type: ignore[union-attr]
    assert [len(warnings) for warnings in told.values()] == [1, 1, 1]
    assert told["lomvik"][0].startswith("2 faults in rule files, left out: ")
    assert "unknown key 'bdy'" in told["lomvik"][0] and told["lomvik"][0].endswith("run: cleaner rules check")
    assert "is not valid TOML" in told["skelby"][0] and "is UTF-8 text" in told["tideway"][0]


def test_one_file_in_the_place_of_all(three: RuleSet) -> None:
    site = parse_site('[site]\nwhy = "mine"\npaths = "/never/*"', file="here/mine.example.toml", fragments={})
    only = three.with_site(site)
    assert [found(only, url) for url in (None, "https://lomvik.example/", "https://mine.example/")] == ["mine"] * 3
    assert only.indices("en")[0] is three.indices("en")[0]
    assert found(three, "https://mine.example/") is None


def test_a_site_of_a_name_alone_is_that_domain_and_all_below_it() -> None:
    site = parse_site("", file="www.x.example.toml", fragments={})
    assert [covers(site, host, None) for host in ("x.example", "www.x.example", "a.b.x.example", "ax.example")] == [True, True, True, False]
