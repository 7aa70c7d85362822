"""Where headline, author and date stand on a page."""

from __future__ import annotations

from cleaner.authoring.learn_places import find_places

PAGE = """<body><article><h1 class="headline">The ferry waits</h1><div class="author-line">By Jana Holub</div>
<time datetime="2024-03-12">12 March 2024</time><p>On Tuesday <span class="author">Jana Holub</span> said that the ferry
would wait for the tide, which nobody in the harbour had expected of the company after a year like this one.</p></article></body>"""


def test_places_by_what_elements_are_called() -> None:
    found = {place: [d.select for d in drafts] for place, drafts in find_places([PAGE, PAGE]).items()}
    assert "h1.headline" in found["title"]
    assert found["byline"] == ["div.author-line"]
    assert found["date"] == ["time[datetime]"]


def test_what_is_not_on_every_page_is_in_doubt() -> None:
    other = PAGE.replace('class="author-line"', 'class="x"')
    assert [d.doubt for d in find_places([PAGE, other])["byline"]] == ["not on all pages"]


def test_two_headlines_are_none() -> None:
    assert find_places([PAGE + "<h1>Another</h1>"])["title"][0].select == "h1.headline"
    assert find_places(["<p>No headline here.</p>"])["title"] == ()
