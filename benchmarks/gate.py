"""The quality gate: on sites that the model never saw, no figure may fall below its floor.

    python -m benchmarks.gate            fits on four fifths of the sites, scores the last fifth, compares
    python -m benchmarks.gate --raise    also lifts floors that were passed; floors only rise

The floors stand in benchmarks/floors.json with the margin that they leave below what was measured.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from cleaner.block import Medium
from cleaner.options import Options, SecondOpinion
from cleaner.ruleset import shipped
from training.data import Example, examples
from training.fit import Fitting, fit, folds
from training.scraped import SOURCE
from training.train import OUTER_FOLDS, REPORTED, SETS, more_texts, run, score_set

FLOORS = Path(__file__).with_name("floors.json")
# Figures where less is better.
FALLING = frozenset(("body_lost", "junk"))
# A floor stays this far below what was measured. Fits differ from seed to seed and between machines, and a share of whole
# pages most: on the fold's sites, one page of wcxb_dev is 0.008, one of fundus_dev 0.036.
MARGIN = 0.005
MARGINS = {"perfect": 0.04, "exact": 0.03, "junk_removed": 0.02}


def measure() -> dict[str, dict[str, float]]:
    """Figures of every set on the first fold's sites, by a model fitted on the other folds."""
    found = {}
    more: list[Example] = []
    for medium in (Medium.HTML, Medium.TEXT):
        items = list(examples(SETS[medium], shipped()))
        outer = folds(items, OUTER_FOLDS, 0)
        scorer = fit([e for e, f in zip(items, outer) if f] + more, Fitting(medium, seed=0))
        if medium is Medium.HTML:
            more = more_texts([e for e in items if e.set == SOURCE], scorer, 0, 0)
        held = [e for e, f in zip(items, outer) if not f]
        results = [run(e, scorer, Options(second_opinion=SecondOpinion.NEVER)) for e in held]
        for name in SETS[medium]:
            mine = [i for i, e in enumerate(held) if e.set == name]
            figures = score_set(name, [held[i] for i in mine], [results[i] for i in mine])
            found[name] = {m: figures[m] for m in REPORTED[name]}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raise", dest="lift", action="store_true")
    lift = parser.parse_args().lift
    floors = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    fell = 0
    for name, figures in measure().items():
        for metric, value in figures.items():
            sign = -1 if metric in FALLING else 1
            floor = floors.setdefault(name, {}).get(metric)
            below = floor is not None and sign * value < sign * floor
            fell += below
            print(f"{name:16} {metric:12} {value:.4f}  floor {'none' if floor is None else f'{floor:.4f}'}{'  BELOW' if below else ''}")
            reached = round(value - sign * MARGINS.get(metric, MARGIN), 4)
            if lift and (floor is None or sign * reached > sign * floor):
                floors[name][metric] = reached
    if lift:
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n")
    sys.exit(f"{fell} figures fell below their floors" if fell else 0)


if __name__ == "__main__":
    main()
