"""What the words in class names and ids mean: a frozen dictionary from word to group."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from cleaner.block import Ints
from cleaner.characters import Floats
from cleaner.native import compiled_page

# A token of a class or id, lower-cased, singular. The groups are ours; the words are those that pages use.
GROUPS: dict[str, str] = {
    "article": "article artikel articulo articolo noticia news story post entry hentry blogpost reportage newsarticle",
    "body": "body content text copy richtext wysiwyg paragraph para articlebody prose maincontent postcontent entrycontent rte fulltext textblock cuerpo contenido inhalt texte corpo conteudo markdown",
    "headline": "headline title heading titel titulo titre hed kicker overline dachzeile eyebrow roofline titolo",
    "lead": "lead lede intro standfirst dek deck subtitle subheadline subhead summary abstract excerpt chapo chapeau bajada entradilla sapo ingress vorspann perex description subtitulo bajante sommario occhiello anriss",
    "caption": "caption figcaption credit copyright legende bildunterschrift imagecaption piefoto credits byline-photo wp-caption-text bu didascalia bildtext fotograf",
    "image": "image img photo picture foto gallery slideshow carousel slider swiper lightbox thumbnail thumb bild figure galerie galleria",
    "media": "video audio player podcast playlist jwplayer youtube embed media iframe listen tts speech readspeaker",
    "byline": "byline author autor auteur autore bio profile vcard contributor writer reporter journalist by signature avatar redakteur forfatter",
    "date": "date time timestamp published updated meta datetime pubdate posted dateline datum fecha data infos",
    "share": "share sharing social facebook twitter whatsapp telegram pinterest linkedin addtoany sharedaddy addthis follow teilen partager compartir sns",
    "related": "related recommended recommendation recommend recirc recirculation readmore morefrom more next upnext popular trending mostread latest outbrain taboola similar suggested suggestion crosslink relacionada relacionado lire verwandt weitere mehr further explore also discover interstitial readalso seealso linkbox",
    "teaser": "teaser card promo preview tile item stream feed river listing archive grid headline-list loop",
    "nav": "nav navigation navbar menu breadcrumb breadcrumbs pagination pager tab toolbar topbar submenu dropdown hamburger skip sitemap tabs prev previous",
    "footer": "footer foot bottom colophon fuss pie rodape",
    "header": "header masthead topbar branding logo banner-top kopf cabecera",
    "sidebar": "sidebar aside rail complementary secondary right side column-right marginal seitenleiste widget-area",
    "comment": "comment comments disqus reply respond discussion commentlist kommentar commentaire comentario comentarios commenti livefyre coral feedback",
    "ad": "ad ads advert advertisement advertising sponsor sponsored dfp gpt banner anzeige werbung publicidad publicite promotion commercial adslot native affiliate partner reklama reklame annonce",
    "newsletter": "newsletter signup subscribe subscription mailchimp email optin mail abonnieren inscription mailing register",
    "paywall": "paywall premium piano metered regwall subscriber plus locked barrier abo offer abonnement meter gate",
    "tags": "tag tags topic topics keyword keywords category categories cat label rubrik hashtag section-name taxonomy themen etiquetas tagcloud",
    "consent": "cookie cookies consent gdpr modal popup overlay dialog notice alert banner-cookie onetrust cmp lightbox-modal toast",
    "widget": "widget module box panel block plugin component sidebar-widget",
    "legal": "legal disclaimer license rights imprint impressum terms privacy policy",
    "quote": "quote blockquote pullquote zitat citation cita testimonial",
    "infobox": "infobox factbox fact facts background info kasten dossier explainer glossary hintergrund timeline highlights keypoint keypoints takeaway takeaways tldr",
    "tools": "tool tools print button btn action actions save bookmark copy icon listen-bar fontsize utility utilities controls rating vote like",
    "hidden": "hidden hide sr screen-reader visually visuallyhidden none screenreader invisible offscreen collapsed noprint",
    "toc": "toc contents tableofcontents inhaltsverzeichnis index jump anchor outline",
    "shop": "shop product price buy cart deal store coupon amazon recipe-card checkout",
    "form": "form search login signin account input field subscribe-form poll quiz survey password newsletterform",
    "main": "main primary single page center inner-main middle principal hauptinhalt",
    "live": "live liveblog ticker update updates timeline-item",
    "about": "about contact team trust donate donation donation-box support editorial membership",
}  # fmt: skip
NAMES = tuple(GROUPS)
BITS = {word: 1 << number for number, words in enumerate(GROUPS.values()) for word in words.split()}
# camelCase and kebab-case alike; digits part words.
TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@lru_cache(maxsize=1 << 15)
def groups_of(words: str) -> int:
    """The groups that an element's class and id words belong to, as bits in the order of `NAMES`.

    >>> [NAMES[i] for i in range(len(NAMES)) if groups_of("articleBody related-posts") >> i & 1]
    ['article', 'body', 'related']
    """
    return found_by_pattern(words) if compiled_page is None else compiled_page.groups_of(words, BITS)


def found_by_pattern(words: str) -> int:
    """`groups_of` without the compiled loop."""
    bits = 0
    for token in TOKEN.findall(words):
        token = token.lower()
        bits |= BITS.get(token) or BITS.get(token.removesuffix("s"), 0)
    return bits


def as_columns(bits: Ints, count: int) -> Floats:
    """The lowest `count` bits of n numbers as ones and zeros, (count, n)."""
    found: Floats = ((bits >> np.arange(count)[:, None]) & 1).astype(np.float32)
    return found
