"""Three invented sites: their articles as stored text and as pages, with the truth of each line.

The bodies vary; what a site puts around them is its own. Among the bodies are traps: sentences and subheadings that
come back in article after article and are body all the same.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from html import escape

BODY, JUNK, TITLE = "b", "j", "t"


@dataclass(frozen=True)
class Line:
    """A line, what it is (BODY, JUNK, TITLE), and the class of the element that a page has it in."""

    text: str
    label: str
    place: str


@dataclass(frozen=True)
class Article:
    """One article of an invented site."""

    site: str
    number: int
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(line.text for line in self.lines) + "\n"

    @property
    def html(self) -> str:
        return _page(self)

    def of(self, label: str) -> list[str]:
        return [line.text for line in self.lines if line.label == label]


NAMES = [f"{a} {b}" for a in ("Jana", "Tomas", "Ilse", "Per", "Nadia", "Oskar", "Wanda", "Emil") for b in ("Holub", "Brenk", "Sorel", "Vaag", "Lindqvist", "Marr")]
TOWNS = "Lomvik Tesk Dorhaven Skarn Ulvsund Breska Helmoor Ostrand Kvalnes Mirow Tarnby Velden".split()
MONTHS = "January February March April May June July August September October November December".split()
MONATE = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()


class Language:
    """The parts that bodies are made of."""

    def __init__(self, who: str, did: str, what: str, why: str, sentence: str, second: str, quote: str, headline: str) -> None:
        self.who, self.did, self.what, self.why = (part.split("/") for part in (who, did, what, why))
        self.sentence, self.second, self.quote, self.headline_form = sentence, second, quote, headline

    def fill(self, form: str, r: random.Random) -> str:
        said = form.format(
            who=r.choice(self.who), did=r.choice(self.did), what=r.choice(self.what), other=r.choice(self.what), why=r.choice(self.why),
            town=r.choice(TOWNS), name=r.choice(NAMES), n=r.randint(2, 980), m=r.randint(2, 60), did2=r.choice(self.did),
        )  # fmt: skip
        return said[0].upper() + said[1:]

    def paragraph(self, r: random.Random) -> str:
        forms = r.sample([self.sentence, self.second, self.quote], k=r.randint(2, 3))
        return " ".join(self.fill(form, r) for form in forms)

    def headline(self, r: random.Random) -> str:
        return self.fill(self.headline_form, r)


ENGLISH = Language(
    "the harbour board/the town council/a group of fishermen/the island's two schools/the ferry company/the county court/the water authority/a panel of engineers/the miners' union/the museum/the regional hospital/residents of the old quarter",
    "rejected/approved/put off/criticised/welcomed/began to review/ended/took over/agreed to pay for/refused to discuss",
    "the plan for a new breakwater/repairs to the northern road/the sale of the cannery/a tunnel under the strait/the winter timetable/the rebuilding of the lighthouse/a ban on night fishing/the closing of the small clinic/the new tax on moorings/the survey of the sea bed",
    "because the costs had doubled within a year/after a storm damaged the quay/since no other offer had been made/although many had asked for more time/as the spring tides are expected to be high/while the state pays only a third of it",
    "On Tuesday {who} in {town} {did} {what}, {why}.",
    "It would cost about {n} million crowns and take {m} months, according to a report that {name} presented to {who}, which had earlier {did2} {other}.",
    "“We have waited {m} years for this, and nobody told us that {what} would come first,” said {name}, who lives in {town} and works for {who}.",
    "{town}: {who} {did} {what}",
)  # fmt: skip
GERMAN = Language(
    "der Gemeinderat/die Feuerwehr/der Landkreis/die Genossenschaft/das Krankenhaus/der Heimatverein/das Verwaltungsgericht/die Schule am Markt/der Forstbetrieb/die Bürgerinitiative",
    "verschob/beschloss/kritisierte/begrüßte/prüfte/bezahlte/verteidigte/besprach",
    "den Bau der neuen Brücke/die Sanierung des Hallenbads/den Verkauf der Mühle/den Umzug der Bücherei/den Winterfahrplan/das Verbot von Feuerwerk/die Sperrung der Talstraße/den Ausbau des Radwegs",
    "weil sich die Kosten verdoppelt hatten/nachdem ein Unwetter den Hang beschädigt hatte/obwohl viele um Aufschub gebeten hatten/da das Land nur ein Drittel davon bezahlt",
    "Am Dienstag {did} in {town} {who} nach langer Beratung {what}, {why}.",
    "Das Vorhaben kostet rund {n} Millionen Kronen und dauert {m} Monate, wie aus einem Bericht hervorgeht, den {name} vorstellte, nachdem {who} zuvor {other} geprüft hatte.",
    "„Darauf haben wir {m} Jahre gewartet, und niemand hat uns gesagt, dass es jetzt um {what} geht“, sagte {name}, der seit langem in {town} lebt und arbeitet.",
    "{town}: {who} {did} {what}",
)  # fmt: skip


@dataclass(frozen=True)
class Traps:
    """Body that repeats: subheadings, sentences for the middle, the end, the beginning, each with its chance."""

    headings: tuple[str, ...]
    middle: tuple[tuple[str, float], ...]
    last: tuple[tuple[str, float], ...]
    first: tuple[tuple[str, float], ...]

    def lines(self, r: random.Random, number: int) -> list[tuple[str, Line]]:
        found = [("middle", Line(h, BODY, "h2")) for h in self.headings if r.random() < 0.25]
        for at, sentences in (("middle", self.middle), ("last", self.last), ("first", self.first)):
            found += [(at, Line(s, BODY, "p")) for s, chance in sentences if r.random() < chance]
        return found


def _article(site: str, number: int, r: random.Random, language: Language, head: list[Line], inside: list[Line], tail: list[Line], traps: Traps) -> Article:
    title = language.headline(r)
    body = [Line(language.paragraph(r), BODY, "p") for _ in range(r.randint(5, 11))]
    for at, line in traps.lines(r, number):
        body.insert({"first": 0, "last": len(body)}.get(at, r.randint(2, len(body) - 1)), line)
    for line in inside:
        body.insert(r.randint(2, len(body) - 2), line)
    return Article(site, number, (Line(title, TITLE, "headline"), *head, *body, *tail))


def _date(r: random.Random, months: list[str], form: str) -> str:
    return form.format(d=r.randint(1, 28), month=r.choice(months), y=r.randint(2021, 2024), h=r.randint(6, 22), mi=r.randint(10, 59))


def _junk(text: str, place: str) -> Line:
    return Line(text, JUNK, place)


def herald(number: int, r: random.Random) -> Article:
    name = r.choice(NAMES)
    head = [
        _junk("Lomvik Herald – the paper of the coast since 1911", "brand"),
        _junk(f"By {name} | {_date(r, MONTHS, 'Published {d} {month} {y}, {h:02}:{mi}')}", "byline"),
        _junk(f"Photo: {r.choice(NAMES)} / Lomvik Herald", "credit"),
    ]
    inside = [_junk(f"Read more: {ENGLISH.headline(r)}", "inline-link") for _ in range(r.randint(0, 2))]
    inside += [_junk("Story continues below the picture", "continues")] if r.random() < 0.4 else []
    tail = [
        _junk("The Lomvik Herald belongs to its readers. Support our reporters with four crowns a month, and read us without advertisements.", "support"),
        _junk("Follow us on Coastgram", "social"),
        _junk("More from the coast", "more-label"),
        *(_junk(ENGLISH.headline(r), "more") for _ in range(3)),
        _junk(f"© Lomvik Herald {r.randint(2021, 2024)}. All rights reserved.", "footer"),
        _junk("Read our privacy notice", "footer"),
    ]
    traps = Traps(
        ("Background", "The numbers"),
        (("“The quay belongs to the town, and the town will not sell it,” mayor Wanda Vaag has said again and again.", 0.12),),
        (("Saturday will stay dry on the coast, with a light wind from the west and up to nine degrees in the afternoon.", 0.15),),
        (("This is part of our series on the harbour towns of the north, in which we visit another town each week.", 0.1),),
    )
    return _article("lomvik-herald.example", number, r, ENGLISH, head, inside, tail, traps)


PICKS = ["Why the old cannery will not be sold this year either", "Ten walks along the cliffs of Breska", "The ferry that nobody wanted to name",
         "How Tesk learned to live with its volcano", "A winter with the keepers of the last lighthouse"]  # fmt: skip


def post(number: int, r: random.Random) -> Article:
    name = r.choice(NAMES)
    head = [
        _junk(f"Dorland Post > News > {r.choice(('Islands', 'Business', 'Courts', 'Schools'))}", "crumbs"),
        _junk(_date(r, MONTHS, "Updated: {h:02}:{mi} GMT, {d} {month} {y}"), "stamp"),
        _junk(f"{r.randint(2, 400)} comments", "count"),
        _junk("Share this story", "share"),
        _junk(f"A view of {r.choice(TOWNS)} in the year {r.randint(1980, 2024)} (Picture: {r.choice(NAMES)}/Dorland Post)", "caption"),
    ]
    inside = [_junk(f"ALSO IN THE POST: {ENGLISH.headline(r)}", "inline-link") for _ in range(r.randint(0, 2))]
    tail = [
        _junk(f"Contact the reporter at {name.split()[1].lower()}@dorland-post.example", "contact"),
        _junk("Sign up to the Morning Boat, our daily letter, and begin the day with the news of all the islands.", "letter"),
        _junk(f"Topics: {', '.join(r.sample(TOWNS, 3))}", "topics"),
        _junk("Editors' picks", "picks-label"),
        *(_junk(pick, "pick") for pick in r.sample(PICKS, 3)),
        _junk("The Dorland Post is a member of the Press Council of the Islands.", "footer"),
    ]
    traps = Traps(
        ("What happens next",),
        (("The ministry did not answer our questions before this article went to press on Monday evening.", 0.15),
         ("“Nobody on this island was asked,” the teacher Emil Marr told the council in March.", 0.1)),
        (("The hearing goes on next week.", 0.12),),
        (("The following account is based on the files of the court, which the Post has seen, and on talks with nine people.", 0.08),),
    )  # fmt: skip
    return _article("dorland-post.example", number, r, ENGLISH, head, inside, tail, traps)


def bote(number: int, r: random.Random) -> Article:
    head = [
        _junk("Talheimer Bote – Nachrichten aus dem oberen Tal", "brand"),
        _junk(f"Von {r.choice(NAMES)}, {_date(r, MONATE, '{d}. {month} {y}')}", "byline"),
        _junk(f"Lesezeit: {r.randint(2, 9)} Minuten", "reading"),
        _junk(f"Foto: {r.choice(NAMES)} / Archiv des Boten", "credit"),
    ]
    inside = [_junk(f"Lesen Sie auch: {GERMAN.headline(r)}", "inline-link") for _ in range(r.randint(0, 2))]
    tail = [
        _junk(_date(r, MONATE, "Dieser Artikel erschien zuerst in der gedruckten Ausgabe vom {d}. {month} {y}."), "printed"),
        _junk("Unterstützen Sie den Boten mit einem Abonnement, das im ersten Monat nur eine Krone kostet und jederzeit endet.", "support"),
        _junk("Mehr aus dem Tal", "more-label"),
        *(_junk(GERMAN.headline(r), "more") for _ in range(3)),
        _junk("Zur Startseite", "footer"),
    ]
    traps = Traps(
        ("Hintergrund", "Wie es weitergeht"),
        (("„Die Mühle bleibt, was sie ist“, hatte Bürgermeisterin Ilse Brenk schon im Herbst gesagt.", 0.12),),
        (("Am Wochenende bleibt es im Tal trocken, bei schwachem Wind und höchstens neun Grad am Nachmittag.", 0.15),),
        (("Dieser Text gehört zu unserer Reihe über die Dörfer des Tals, die wir jede Woche fortsetzen.", 0.08),),
    )
    return _article("talheimer-bote.example", number, r, GERMAN, head, inside, tail, traps)


SITES = {"lomvik-herald.example": herald, "dorland-post.example": post, "talheimer-bote.example": bote}


def articles(site: str, count: int = 80) -> list[Article]:
    """The first `count` articles of a site: the same ones each time."""
    return [SITES[site](number, random.Random(f"{site} {number}")) for number in range(count)]


def _page(article: Article) -> str:
    """The article as a page of its site's template."""
    title = article.lines[0].text
    body = [i for i, line in enumerate(article.lines) if line.place in ("p", "h2")]
    parts = [f"<h1>{escape(title)}</h1>"]
    for i, line in enumerate(article.lines[1:], 1):
        if i == body[0]:
            parts.append('<div class="story-text">')
        tag = line.place if line.place in ("p", "h2") else "div"
        named = "" if tag != "div" else f' class="{line.place}"'
        inner = f'<a href="/x">{escape(line.text)}</a>' if line.place in ("more", "pick") else escape(line.text)
        parts.append(f"<{tag}{named}>{inner}</{tag}>")
        if i == body[-1]:
            parts.append("</div>")
    menu = "".join(f'<li><a href="/{town}">{town}</a></li>' for town in TOWNS)
    return (
        f'<!doctype html><html lang="{"de" if "bote" in article.site else "en"}"><head><title>{escape(title)}</title></head><body>'
        f'<nav class="menu"><ul>{menu}</ul></nav><article class="story">{"".join(parts)}</article></body></html>'
    )
