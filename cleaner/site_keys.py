"""The tables of a site's rule file and their keys, declared once: what is read, checked and documented goes by this."""

from __future__ import annotations

from cleaner.keys import PERIOD_KEYS, Form, Key
from cleaner.kinds import Kind
from cleaner.rule import PROTECT_KEYS, RULE_KEYS

SITE_KEYS = (
    Key("hosts", Form.STRINGS, 'Hosts of the site: "x.example" with or without www., "*.x.example" all its subdomains. '
        "Default: the file's name and all its subdomains."),
    Key("paths", Form.STRINGS, 'Glob patterns on the path of the URL, "/news/*". Default: all.'),
    Key("fingerprint", Form.STRINGS, "Lines that only texts of this site have; they name the site where no URL does."),
    Key("extends", Form.STRINGS, "Names of templates that this file builds on."),
    Key("off", Form.STRINGS, "Ids of common rules that are not used on this site."),
    Key("lang", Form.STRING, "The language of the site's articles, as a code."),
    *PERIOD_KEYS,
    Key("source", Form.STRING, "Where the file comes from, and its licence."),
    Key("why", Form.STRING, "One sentence for whoever reads the file."),
)  # fmt: skip
HTML_KEYS = (
    Key("body", Form.STRINGS, "Selectors of the article's container; the first that matches anything is used."),
    Key("title", Form.STRINGS, "Selectors of the headline; the first that matches anything is used."),
    Key("byline", Form.STRINGS, "Selectors of the author's line; the first that matches anything is used."),
    Key("date", Form.STRINGS, "Selectors of the date; the first that matches anything is used."),
    Key("keep", Form.STRINGS, "Selectors of what stays, whatever rules and the scorer say."),
    Key("unwrap", Form.STRINGS, "Selectors of elements that vanish while their text joins what is around it."),
    Key("remove", Form.STRINGS, "Selectors of what goes: the short form of [[remove]]."),
)
REMOVE_KEYS = (
    Key("id", Form.STRING, "A name, unique in the site; default: the file's name, -remove- and a number."),
    Key("select", Form.STRINGS, 'Selectors of the element: CSS, or an XPath after "xpath:".', required=True),
    Key("kind", Form.STRING, "What the removed piece is.", Kind),
    Key("up", Form.INTEGER, "So many elements above the selected one goes instead."),
    Key("closest", Form.STRING, "The nearest element that matches this CSS goes instead: the selected one or one around it."),
    Key("and_following", Form.BOOLEAN, "Whether all its following siblings go too."),
    Key("contains", Form.STRINGS, "Only where the selected element's text contains one of these."),
    Key("equals", Form.STRINGS, "Only where the selected element's text is one of these."),
    Key("pattern", Form.STRING, "Only where this regular expression is found in the selected element's text; case-blind."),
    Key("why", Form.STRING, "One sentence that the removal's reason shows."),
    *PERIOD_KEYS,
)
TEST_KEYS = (
    Key("name", Form.STRING, "What the test shows.", required=True),
    Key("url", Form.STRING, "The address of the page."),
    Key("html", Form.STRING, "The page itself."),
    Key("text", Form.STRING, "Stored text, in the place of a page."),
    Key("file", Form.STRING, "A file beside this one that holds the page (.html) or the text (.txt)."),
    Key("kept", Form.STRINGS, "Strings that must be in the cleaned text."),
    Key("dropped", Form.STRINGS, "Strings that must not be in the cleaned text."),
)
# Every table of a site file, with its keys. "site" and "html" stand once, the others as often as wanted.
TABLES: dict[str, tuple[Key, ...]] = {
    "site": SITE_KEYS,
    "html": HTML_KEYS,
    "remove": REMOVE_KEYS,
    "rule": (*RULE_KEYS, *PERIOD_KEYS),
    "protect": (*PROTECT_KEYS, *PERIOD_KEYS),
    "test": TEST_KEYS,
}
SINGLE = ("site", "html")
