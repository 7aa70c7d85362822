"""Never an empty body in silence: what to do when almost nothing would be left."""

from __future__ import annotations

import numpy as np

from cleaner import extract
from cleaner.decision import Decision, Verdict
from cleaner.evidence import Evidence
from cleaner.kinds import Kind
from cleaner.options import Options, SecondOpinion

# Less kept than this, in words, is no article; nor is less than this share of the prose.
FEW_WORDS = 15
FEW_SHARE = 0.1
# trafilatura takes about a hundred times a page's size in memory; longer pages, in characters, it is not asked about.
LONGEST_PAGE = 3_000_000


def too_little(evidence: Evidence, decision: Decision) -> bool:
    """Whether what the decision keeps is hardly an article."""
    kept = np.ones(len(evidence.texts), dtype=bool)
    kept[[*decision.gone, *evidence.title.blocks]] = False
    words = float(evidence.words[kept].sum())
    prose = evidence.prose
    if decision.container is not None:
        # Whoever named the body's container knows that the site's articles may be short, and long pages around them.
        prose = prose & decision.container
        if words > 0 and not prose.any():
            return False
    return words < FEW_WORDS or words < FEW_SHARE * float(evidence.words[prose].sum())


def fall_back(evidence: Evidence, decision: Decision, page: str | None, url: str | None, options: Options) -> str:
    """Keep what trafilatura would keep, else all that no rule condemned, else all. Says what was done."""
    if page is not None and len(page) <= LONGEST_PAGE and options.second_opinion is not SecondOpinion.NEVER:
        opinion = extract.opinion(page, evidence.texts, url=url)
        if opinion is not None and sum(w for w, kept in zip(evidence.words, opinion) if kept) >= FEW_WORDS:
            for i, kept in enumerate(opinion):
                if kept:
                    decision.gone.pop(i, None)
                elif i not in decision.protected and i not in evidence.title.blocks:
                    decision.gone.setdefault(i, Verdict(Kind.BOILERPLATE, "", "not in trafilatura's body"))
            return "almost nothing would have been left: kept what trafilatura takes for the body"
    for i in [i for i, verdict in decision.gone.items() if not verdict.rule]:
        del decision.gone[i]
    if len(decision.gone) + len(evidence.title.blocks) < len(evidence.texts):
        return "almost nothing would have been left: kept all that no rule removes"
    decision.gone.clear()
    return "nothing would have been left: kept everything"
