"""Guess a document's language well enough to choose its rules.

Scripts that one language uses decide at once; for the others a vote of the commonest function words
(the idea of jusText's stop lists). No guess is better than a wrong one: then rules of all languages apply.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from cleaner.native import compiled_language

SAMPLE_CHARS = 2500
MIN_VOTES = 3
NOT_LATIN = re.compile("[\u0370-\u1fff\u3040-\ud7af]")
# The ranges of characters that tell a script.
SCRIPTS = (
    ("ja", "\u3040-\u30ff"), ("ko", "\uac00-\ud7af"), ("zh", "\u4e00-\u9fff"), ("th", "\u0e00-\u0e7f"), ("he", "\u0590-\u05ff"),
    ("el", "\u0370-\u03ff"), ("ta", "\u0b80-\u0bff"), ("bn", "\u0980-\u09ff"), ("hi", "\u0900-\u097f"),
)  # fmt: skip
# Share of the letters that must be of a script; Japanese mixes kana into Chinese characters.
SCRIPT_SHARE = {"ja": 0.1}
WORDS = {
    "en": "the and of to that was for with is his from by have has been which were their this after would said",
    "de": "der die und das den von mit dem des nicht eine ein auf sich für werden ist auch wird dass bei nach",
    "nl": "het een van en dat niet voor met zijn aan ook naar deze wordt werd heeft maar bij uit hij nog",
    "sv": "och att det som för är inte den med har ett till på av från men om kan också när efter",
    "da": "og at det der ikke til af på den er har med for blev efter også fra men hvor blevet siger nogle",
    "no": "og det som ikke til av på er har med for ble etter også fra men hvor blitt sier noen etter opp",
    "fi": "ja on ei että se oli ovat myös mutta kun hän jos mukaan joka sekä kuin vuoden ole tai hänen",
    "fr": "les des est dans une pour qui que sur pas avec plus par ont été cette aux mais sont il elle du",
    "es": "los las del una que con para por se como más sus pero este esta fue ha son también sobre el",
    "pt": "os das do uma não com para por mais como dos que foi ao são pela também pelo sua seu em",
    "it": "gli che della del non una per con sono alla anche dei nel delle più come dal si questo è stato",
    "ro": "și că din pentru care este nu cu la mai au fost sunt prin după dar ale unui această lui în",
    "pl": "nie się jest na że to do jak po są oraz przez ale tym został był od dla także które w z",
    "cs": "že se na je to jsou ale jako pro podle také není bylo byl který které ve jeho jsme však si",
    "sk": "že sa na je to sú ale ako pre podľa tiež nie bolo bol ktorý ktoré vo jeho sme však si",
    "hu": "és hogy nem az egy is meg volt csak van már mint még lesz szerint azt ez után ki el",
    "tr": "ve bir bu için ile olarak da de olan daha çok gibi kadar sonra ise en dedi göre olduğunu değil",
    "id": "yang dan di untuk dengan dari ini pada itu tidak akan dalam adalah juga karena telah bahwa mereka bisa oleh",
    "ms": "yang dan di untuk dengan dari ini pada itu tidak akan dalam adalah juga kerana telah bahawa mereka boleh oleh",
    "vi": "và của là có không được cho với các trong một những này đã người khi để từ đến cũng",
    "sw": "ya na wa kwa ni katika za la cha kuwa hiyo huo hii baada lakini ambao alisema watu pia kama",
    "ru": "и в не на что с по как это из для был его от она они также после года он",
    "uk": "і в не на що з та як це із для був його від вона вони також після року він є про",
    "bg": "и в не на че с се за да от са по като това след беше също той тя които има",
    "sr": "и у не на да се за је су од као што је након који али није više koji nije kao je su da u sa",
    "ar": "في من على إلى أن عن التي الذي هذا هذه مع كان ما قال بعد لم بين كما ذلك قد",
    "fa": "در به از که این را با است برای آن یک شد خود می تا بر کرد هم نیز ها",
    "ur": "کے کی میں ہے اور سے کو کا نے کہ پر اس ہیں یہ بھی کر ان گیا تھا ہو",
}
BY_WORD: dict[str, tuple[str, ...]] = {}
for _lang, _words in WORDS.items():
    for _word in set(_words.split()):
        BY_WORD[_word] = (*BY_WORD.get(_word, ()), _lang)
ALIASES = {"nb": "no", "nn": "no", "in": "id", "iw": "he", "hr": "sr", "bs": "sr", "cn": "zh", "jp": "ja"}
# Where one is guessed, the other's rules apply too: a few words do not tell them apart.
SIBLINGS = {"da": "no", "no": "da", "cs": "sk", "sk": "cs", "id": "ms", "ms": "id"}


def guess_language(texts: Sequence[str], declared: str = "") -> str:
    """The ISO 639-1 code of the texts' language, "" where they do not say; `declared` decides a doubt.

    >>> guess_language(["Der Zug ist nach dem Unfall nicht mehr gefahren, und das wird auch so bleiben."])
    'de'
    >>> guess_language(["新しい橋が開通した。"]), guess_language(["Zip"])
    ('ja', '')
    """
    declared = ALIASES.get(declared, declared)
    sample = _sample(texts)
    if not sample.isascii() and not_latin(sample) > 0.1 * len(sample):
        for (lang, _), count in zip(SCRIPTS, count_scripts(sample)):
            if count > SCRIPT_SHARE.get(lang, 0.25) * len(sample):
                return lang
    votes = count_votes(sample)
    most = max(votes.values(), default=0)
    if most < MIN_VOTES:
        return declared
    tied = [lang for lang, count in votes.items() if count >= 0.8 * most]
    return declared if declared in tied else max(votes, key=votes.__getitem__)


def votes_in_python(sample: str) -> dict[str, int]:
    """How many of the words in a text are function words of each language, in the order in which they occur."""
    votes: dict[str, int] = {}
    for word, count in Counter(filter(BY_WORD.__contains__, sample.lower().split())).items():
        for lang in BY_WORD[word]:
            votes[lang] = votes.get(lang, 0) + count
    return votes


def not_latin_in_python(sample: str) -> int:
    """How many characters are of other scripts than Latin."""
    return len(NOT_LATIN.findall(sample))


def scripts_in_python(sample: str) -> list[int]:
    """How many characters are in each of SCRIPTS."""
    return [len(re.findall(f"[{script}]", sample)) for _, script in SCRIPTS]


count_votes: Callable[[str], dict[str, int]] = votes_in_python if compiled_language is None else compiled_language.FunctionWords(BY_WORD).votes
not_latin: Callable[[str], int] = not_latin_in_python if compiled_language is None else compiled_language.not_latin
count_scripts: Callable[[str], list[int]] = (
    scripts_in_python if compiled_language is None else compiled_language.Scripts([(ord(s[0]), ord(s[2])) for _, s in SCRIPTS]).counts
)


def _sample(texts: Sequence[str]) -> str:
    """The longest blocks, up to SAMPLE_CHARS: menus and labels may be in another language."""
    parts: list[str] = []
    length = 0
    for text in sorted(texts, key=len, reverse=True):
        parts.append(text[:SAMPLE_CHARS])
        length += len(parts[-1])
        if length >= SAMPLE_CHARS:
            break
    return " ".join(parts)
