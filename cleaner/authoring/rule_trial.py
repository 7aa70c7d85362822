"""Whether rules do what their own examples say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from cleaner.authoring.finding import Level, Problem
from cleaner.errors import PatternError
from cleaner.kinds import Scope, Strength, Where
from cleaner.match import WORD_CHARS, Match, find_matches, match_rule
from cleaner.pattern import compile_pattern
from cleaner.rule import Rule
from cleaner.ruleset import RuleSet

SHOWN = 60
# A rule for fewer words has no room for a sentence that it could miss.
SENTENCE_WORDS = 5


def too_long(rule: Rule, text: str) -> bool:
    """Whether a text has more words than `rule` is tried on, as matching counts them."""
    return bool(rule.max_words) and (len(text) > WORD_CHARS * rule.max_words + 20 or text.count(" ") >= rule.max_words)


def try_alone(rule: Rule, whole: RuleSet) -> Iterator[Problem]:
    """What is wrong with a rule's examples, looking at that rule alone; `whole` are all rules, of which a hit that this
    one does not match may have another. The pattern compiles."""
    alone = RuleSet((rule,))
    for number, text in enumerate(rule.hit):
        if problem := _try_hit(rule, alone, text):
            others = others_on(rule, text, whole)
            instead = f"; only {_listed(others)} {'does' if len(others) == 1 else 'do'}" if others and "does not match" in problem else ""
            yield Problem(problem + instead, "hit", number)
    for number, text in enumerate(rule.miss):
        if find_matches([text], alone).found:
            what = "protects" if rule.protects else "would remove"
            yield Problem(f"the rule {what} its own miss {shown(text)}: make the pattern narrower", "miss", number)
    if rule.max_words >= SENTENCE_WORDS and all(too_long(rule, text) for text in rule.miss):
        text = f"every miss has more than max_words = {rule.max_words} words, so none is tried: add a shorter one that comes near a hit"
        yield Problem(text, "miss", 0, Level.WARNING)


def _try_hit(rule: Rule, alone: RuleSet, text: str) -> str:
    if too_long(rule, text):
        return f"the hit {shown(text)} has more than max_words = {rule.max_words} words, so it is never tried: raise max_words or shorten it"
    found = find_matches([text], alone)
    if any(m.end > m.start for m in found.found):
        return ""
    if found.found:
        return f"the rule matches no character of its hit {shown(text)}: nothing would go; let the pattern take what goes"
    if any("took over" in warning for warning in found.warnings):
        return f"the rule takes too long on its hit {shown(text)}: give repetitions in the pattern a limit"
    if _matches(rule, text):
        return f"no keyword occurs in the hit {shown(text)}, so the pattern is never tried: add one of its words to keywords"
    return f"the rule does not match its hit {shown(text)}{_why_not(rule, text)}"


def _matches(rule: Rule, text: str) -> bool:
    try:
        return bool(match_rule(rule, 0, text))
    except (TimeoutError, PatternError):
        return False


def _why_not(rule: Rule, text: str) -> str:
    """What a rule of phrases would need, where that is plain to see."""
    if isinstance(rule.pattern_or_phrases, str):
        if rule.case and compile_pattern(rule.pattern).search(text):
            return ": case = true, and the letters are of the other case; leave case out, or mend the hit"
        return ": mend the pattern or the hit"
    folded = " ".join(text.casefold().split())
    if any(" ".join(p.casefold().split()) in folded for p in rule.pattern_or_phrases):
        return f': the phrase is in it, but not as match = "{rule.match}" wants it; write match = "start", "end" or "contains"'
    return ": none of the phrases occurs in it"


def try_together(checked: Sequence[Rule], whole: RuleSet) -> Iterator[tuple[Rule, Problem]]:
    """What the rules of `whole`, in which are the `checked` ones, do to each other's examples.

    That is: misses that another rule removes, and rules that an earlier one leaves nothing to do.
    """
    order = {rule.id: number for number, rule in enumerate(whole.rules)}
    by_lang: dict[str, list[Rule]] = defaultdict(list)
    for rule in checked:
        by_lang[language(rule)].append(rule)
    for lang, rules in sorted(by_lang.items()):
        texts = [text for rule in rules for text in (*rule.hit, *rule.miss)]
        # Rules of the head are not tried far down a document: each text is at the top of its own.
        found = [find_matches([text], whole, lang=lang).found for text in texts]
        at = 0
        for rule in rules:
            hits, misses = found[at : at + len(rule.hit)], found[at + len(rule.hit) : at + len(rule.hit) + len(rule.miss)]
            at += len(rule.hit) + len(rule.miss)
            yield from ((rule, p) for p in _misses_of_others(rule, misses))
            yield from ((rule, p) for p in _shadowed(rule, hits, order))


def others_on(rule: Rule, text: str, whole: RuleSet) -> list[str]:
    """The ids of the other rules that match a text."""
    return sorted({m.rule.id for m in find_matches([text], whole, lang=language(rule)).found if m.rule.id != rule.id})


def language(rule: Rule) -> str:
    """The language that a rule's examples are taken to be in; "" where the rule is for all, or for several."""
    return next(iter(rule.langs)) if len(rule.langs) == 1 and "*" not in rule.langs else ""


def _misses_of_others(rule: Rule, misses: Sequence[Sequence[Match]]) -> Iterator[Problem]:
    if rule.protects:
        return
    for number, found in enumerate(misses):
        others = sorted({m.rule.id for m in found if m.rule.id != rule.id and m.rule.strength is Strength.SURE and _takes_blocks(m.rule)})
        if others:
            text = f"the miss {shown(rule.miss[number])} is matched by {_listed(others)}: make that rule narrower, or choose another miss"
            yield Problem(text, "miss", number, Level.WARNING)


def _takes_blocks(rule: Rule) -> bool:
    return not rule.protects and not rule.replace and rule.scope is not Scope.SPAN


def _shadowed(rule: Rule, hits: Sequence[Sequence[Match]], order: dict[str, int]) -> Iterator[Problem]:
    """Whether an earlier rule that does the same matches all the hits: the rule would never be the one to decide."""
    if not hits or rule.strength is Strength.HINT:
        return
    common = set.intersection(*({m.rule.id for m in found} for found in hits))
    if rule.id not in common:
        return
    earlier = {m.rule.id: m.rule for m in hits[0] if m.rule.id in common and order[m.rule.id] < order.get(rule.id, 0)}
    shadow = next((other for other in earlier.values() if _wider(other, rule)), None)
    if shadow:
        yield Problem(f"every hit is matched by the earlier rule {shadow.id!r} too, with the same effect: give a hit that only this "
                      "rule matches, or drop it", "hit", 0, Level.WARNING)  # fmt: skip


def _wider(other: Rule, rule: Rule) -> bool:
    """Whether `other` does what `rule` does wherever that may match."""
    same = (other.kind, other.scope, other.replace, other.until) == (rule.kind, rule.scope, rule.replace, rule.until)
    return (
        same
        and other.strength is Strength.SURE
        and other.where in (Where.ANYWHERE, rule.where)
        and (not other.max_words or 0 < rule.max_words <= other.max_words)
        and ("*" in other.langs or rule.langs <= other.langs)
    )


def shown(text: str) -> str:
    """The beginning of a text, in quotes, on one line."""
    text = " ".join(text.split())
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(repr(i) for i in ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
