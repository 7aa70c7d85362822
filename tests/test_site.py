"""A site's file is read as far as it can be, and each fault is named with what to write instead."""

from __future__ import annotations

import datetime

import pytest

from cleaner.errors import RuleError
from cleaner.keys import Form, Period
from cleaner.kinds import Kind
from cleaner.site import Html, SiteFile, parse_site, read_site
from cleaner.site_keys import TABLES

FILE = "rules/sites/lomvik-herald.example.toml"
RULE = '[[rule]]\nid = "lomvik-end"\nkind = "legal"\nphrases = ["Lomvik Herald – all rights reserved"]\nhit = "x"\nmiss = "y"\n'
WHOLE = f"""
[site]
hosts = ["Lomvik-Herald.example", "*.lomvik.example"]
paths = "/news/*"
fingerprint = ["Lomvik Herald – all rights reserved"]
extends = "arc"
off = ["en-also-read-label"]
lang = "en"
valid_from = 2024-01-01
valid_until = 2025-12-31
source = "our own"
why = "An invented paper."

[html]
body = ["article .story", "main"]
title = "h1"
byline = ".author"
date = "time"
keep = ".pull-quote"
unwrap = "span.initial"
remove = [".related", "xpath://div[p/strong='Advertisement']"]

[[remove]]
id = "share-box"
select = [".share", ".sharing"]
kind = "social"
closest = "section"
and_following = true
contains = "Share this"
equals = ["Share"]
pattern = '^Share'
why = "The share box."
valid_until = 2024-06-30

[[remove]]
select = ".ad"
up = 2

{RULE}
[[protect]]
id = "lomvik-note"
phrases = ["Correction"]
match = "start"
hit = "Correction: the ferry"
miss = "A correction"
valid_from = 2024-05-01

[[test]]
name = "a story"
url = "https://lomvik-herald.example/news/1"
html = "<p>The ferry left.</p>"
kept = "ferry"
dropped = ["Share"]
"""


def read(toml: str) -> tuple[SiteFile, list[RuleError]]:
    return read_site(toml, file=FILE, fragments={"months": ["May"]})


def fault(toml: str) -> RuleError:
    found = read(toml)[1]
    assert len(found) == 1, found
    return found[0]


def test_a_file_says_all_that_the_format_has() -> None:
    site = parse_site(WHOLE, file=FILE, fragments={})
    assert (site.name, site.file) == ("lomvik-herald.example", FILE)
    assert (site.hosts, site.paths) == (("lomvik-herald.example", "*.lomvik.example"), ("/news/*",))
    assert (site.fingerprint, site.extends, site.off, site.lang) == (
        ("Lomvik Herald – all rights reserved",), ("arc",), ("en-also-read-label",), "en",
    )  # fmt: skip
    assert site.period == Period(datetime.date(2024, 1, 1), datetime.date(2025, 12, 31))
    assert (site.source, site.why) == ("our own", "An invented paper.")
    assert (site.html.body, site.html.title, site.html.byline, site.html.date) == (
        ("article .story", "main"), ("h1",), (".author",), ("time",),
    )  # fmt: skip
    assert (site.html.keep, site.html.unwrap) == ((".pull-quote",), ("span.initial",))
    share = site.remove[0]
    assert (share.id, share.select, share.kind, share.closest, share.and_following) == (
        "share-box", (".share", ".sharing"), Kind.SOCIAL, "section", True,
    )  # fmt: skip
    assert (share.contains, share.equals, share.pattern, share.why) == (("Share this",), ("Share",), "^Share", "The share box.")
    assert (share.period, share.up, share.numbered) == (Period(None, datetime.date(2024, 6, 30)), 0, False)
    assert [(rule.id, rule.protects, rule.langs) for rule in site.rules] == [("lomvik-end", False, {"*"}), ("lomvik-note", True, {"*"})]
    assert site.rules[1].period == Period(datetime.date(2024, 5, 1), None)
    (test,) = site.tests
    assert (test.name, test.url, test.html, test.text, test.file, test.kept, test.dropped) == (
        "a story", "https://lomvik-herald.example/news/1", "<p>The ferry left.</p>", "", "", ("ferry",), ("Share",),
    )  # fmt: skip


def test_a_remove_without_an_id_is_numbered() -> None:
    site = parse_site(WHOLE, file=FILE, fragments={})
    assert [(r.id, r.select, r.kind) for r in site.removes if r.numbered] == [
        ("lomvik-herald.example-remove-1", (".related",), Kind.BOILERPLATE),
        ("lomvik-herald.example-remove-2", ("xpath://div[p/strong='Advertisement']",), Kind.BOILERPLATE),
        ("lomvik-herald.example-remove-4", (".ad",), Kind.BOILERPLATE),
    ]


def test_an_empty_file_is_no_fault() -> None:
    assert read("") == (SiteFile("lomvik-herald.example", FILE), [])


def test_every_key_has_a_line_for_the_reader() -> None:
    for table, keys in TABLES.items():
        assert len({key.name for key in keys}) == len(keys), table
        for key in keys:
            assert key.doc.endswith(".") and "\n" not in key.doc, (table, key.name)
            assert key.choices is None or key.form is Form.STRING


@pytest.mark.parametrize(
    ("toml", "message", "key", "rule"),
    [
        ("[site]\nhost = 'x'", r"\[site\]: unknown key 'host'; did you mean 'hosts'\? the keys are extends, fingerprint", "host", ""),
        ("[site]\nhosts = 'https://x.example'", r"'https://x.example' is no host; write \"x.example\"", "hosts", ""),
        ("[site]\nhosts = 'x.*.example'", "is no host", "hosts", ""),
        ("[site]\npaths = 'news/*'", r"'news/\*' is no path; it begins with a slash", "paths", ""),
        ("[site]\nlang = 3", "lang must be of type str, not 3", "lang", ""),
        ("[site]\nvalid_from = '2024-01-01'", "valid_from must be a date without quotes", "valid_from", ""),
        ("[site]\nvalid_from = 2024-02-01\nvalid_until = 2024-01-01", "valid_until lies before valid_from", "valid_until", ""),
        ("site = 3", r"\[site\]: is a table of keys and values, not 3", "", ""),
        ("[html]\nbdy = 'p'", r"\[html\]: unknown key 'bdy'; did you mean 'body'\?", "bdy", ""),
        ("[html]\nbody = 'p..x'", "body: 'p..x' is no CSS selector that can be read; an XPath begins with xpath:", "body", ""),
        ("[html]\nbody = '//p'", "'//p' is no CSS selector that can be read; for an XPath write xpath://p", "body", ""),
        ("[html]\nbody = 'xpath://p['", r"'//p\[' is no XPath that can be read", "body", ""),
        ("[html]\nremove = 'xpath://p/text()'", "chooses text or an attribute; what is removed is an element", "remove", ""),
        ("html = 3", r"\[html\]: is a table of keys and values, not 3", "", ""),
        ("[[remove]]\nid = 'a'", "remove 'a': has no select: ", "select", "a"),
        ("[[remove]]\nselect = []", "select names no element", "select", "lomvik-herald.example-remove-1"),
        ("[[remove]]\nid = 'a'\nselect = 'xpath://p/@class'", "chooses text or an attribute", "select", "a"),
        ("[[remove]]\nid = 'a'\nselect = 'p'\nkind = 'shares'", "kind = 'shares' is not one of legal, related", "kind", "a"),
        ("[[remove]]\nid = 'a'\nselect = 'p'\nup = -1", "up is a number of elements above", "up", "a"),
        ("[[remove]]\nid = 'a'\nselect = 'p'\nup = 1\nclosest = 'div'", "does not stand beside closest", "up", "a"),
        ("[[remove]]\nid = 'a'\nselect = 'p'\nclosest = '>'", "closest: '>' is no CSS selector", "closest", "a"),
        ("[[remove]]\nid = 'a'\nselect = 'p'\npattern = '('", "pattern is no regular expression: missing \\)", "pattern", "a"),
        ("[[remove]]\nid = 3\nselect = 'p'", "id must be of type str", "id", "lomvik-herald.example-remove-1"),
        ("[remove]\nselect = 'p'", r"\[remove\] must be written \[\[remove\]\], once for each", "remove", ""),
        ("remove = [3]", "is a table of keys and values, not 3", "", "lomvik-herald.example-remove-1"),
        (RULE.replace('hit = "x"\n', ""), "rule 'lomvik-end': needs at least one hit and one miss", "hit", "lomvik-end"),
        (RULE.replace("phrases", "phrase"), "unknown key 'phrase'; did you mean 'phrases'", "phrase", "lomvik-end"),
        (RULE.replace('phrases = ["', 'keywords = "a"\npattern = "(').replace('"]\nhit', '"\nhit'), "no regular expression", "pattern", "lomvik-end"),
        ("[[test]]\nhtml = '<p>'\nkept = 'a'", r"\[\[test\]\]: has no name", "name", ""),
        ("[[test]]\nname = 'a'\nkept = 'a'", "test 'a': needs one of html, text and file", "", "a"),
        ("[[test]]\nname = 'a'\ntext = 'a'\nhtml = 'b'\nkept = 'a'", "needs one of html, text and file", "", "a"),
        ("[[test]]\nname = 'a'\ntext = 'a'", "says neither what is kept nor what is dropped", "kept", "a"),
        ("[[removes]]\nselect = 'p'", r"unknown table 'removes'; did you mean 'remove'\? a site's file has \[site\], \[html\], \[\[remove\]\]", "removes", ""),
        ("[html", "is not valid TOML: ", "", ""),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_what_to_write_instead(toml: str, message: str, key: str, rule: str) -> None:
    found = fault(toml)
    with pytest.raises(RuleError, match=message):
        raise found
    assert (found.file, found.key, found.rule) == (FILE, key, rule)
    with pytest.raises(RuleError, match=message):
        parse_site(toml, file=FILE, fragments={})


def test_what_is_faulty_is_left_out_and_the_rest_stands() -> None:
    toml = WHOLE.replace('title = "h1"', 'titel = "h1"').replace('select = ".ad"', 'select = ".ad["').replace('name = "a story"\n', "")
    site, faults = read(toml + RULE)
    assert [(f.key, f.rule) for f in faults] == [
        ("titel", ""), ("select", "lomvik-herald.example-remove-4"), ("id", "lomvik-end"), ("name", ""),
    ]  # fmt: skip
    assert (site.html.title, site.html.body) == ((), ("article .story", "main"))
    assert [r.id for r in site.remove] == ["share-box"]
    assert [r.id for r in site.rules] == ["lomvik-end", "lomvik-note"]
    assert site.tests == ()


def test_a_file_whose_pages_nobody_can_tell_says_nothing() -> None:
    site, faults = read(WHOLE.replace("paths =", "path ="))
    assert site == SiteFile("lomvik-herald.example", FILE)
    assert site.html == Html()
    assert len(faults) == 1
