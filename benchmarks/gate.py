"""The quality gate: on sites that the model never saw, no figure may fall below its floor.

    python -m benchmarks.gate            three times fits on four fifths of the sites and scores the last fifth; compares
    python -m benchmarks.gate --raise    also lifts floors that were passed; floors only rise

The floors stand in benchmarks/floors.json with the margin that they leave below what was measured.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from cleaner.block import Medium
from cleaner.model import load
from cleaner.options import Options, SecondOpinion
from cleaner.ruleset import shipped
from training.data import examples
from training.fit import Fitting, folds
from training.train import OUTER_FOLDS, REPORTED, SETS, Held, fit_folds, run, score_set

FLOORS = Path(__file__).with_name("floors.json")
# Figures where less is better.
FALLING = frozenset(("body_lost", "junk"))
# Of one fold a page of wcxb_dev was 0.008 and one of fundus_dev 0.036: whether a figure passed hung on single pages.
FOLDS = (0, 1, 2)
# A floor stays this far below what was measured. Fits differ from seed to seed and between machines, and a share of whole
# pages most.
MARGIN = 0.005
MARGINS = {"perfect": 0.03, "exact": 0.02, "junk_removed": 0.02}


def measure(keep: Path) -> dict[str, dict[str, float]]:
    """Figures of every set on the sites of `FOLDS`, each by a model fitted on the other folds and written to `keep`.

    The scorers are single fits where those that ship are means of several: for the same time more sites are measured.
    """
    items = {medium: list(examples(sets, shipped())) for medium, sets in SETS.items()}
    pages = {Medium.HTML: [], Medium.TEXT: items[Medium.HTML]}
    held = [Held(items[m], pages[m], Fitting(m, seed=0, threads=1, bags=1), fold) for m in SETS for fold in FOLDS]
    fit_folds(held, keep)
    found = {}
    for medium, sets in SETS.items():
        outer = folds(items[medium], OUTER_FOLDS, 0)
        scorers = {h.fold: load(keep / h.path) for h in held if h.fitting.medium is medium}
        judged = [(e, scorers[f]) for e, f in zip(items[medium], outer.tolist()) if f in scorers]
        for name in sets:
            mine = [(e, run(e, scorer, Options(second_opinion=SecondOpinion.NEVER))) for e, scorer in judged if e.set == name]
            figures = score_set(name, [e for e, _ in mine], [result for _, result in mine])
            found[name] = {m: figures[m] for m in REPORTED[name]}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raise", dest="lift", action="store_true")
    lift = parser.parse_args().lift
    floors = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    fell = 0
    with tempfile.TemporaryDirectory() as keep:
        measured = measure(Path(keep))
    for name, figures in measured.items():
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
