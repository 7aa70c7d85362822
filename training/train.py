"""Train the scorers, and say honestly how good they are.

    python -m training.train                      fits on all of the labelled sets and writes cleaner/models/
    python -m training.train --cross-validate     scores pages of sites that the fold's model never saw

See docs/training.md for the data.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import multiprocessing.connection
import os
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cleaner.block import Medium
from cleaner.model import MODELS, Scorer, load, save
from cleaner.options import Options, SecondOpinion
from cleaner.pipeline import finish
from cleaner.result import CleanResult, Role
from cleaner.ruleset import shipped
from training.calibrate import calibrate, confident_share
from training.data import HTML_SETS, TEXT_SETS, UNSURE, Example, examples, stick
from training.fit import Fitting, fit, folds, importances
from training.scraped import SOURCE, scraped, whole

SETS = {Medium.HTML: HTML_SETS, Medium.TEXT: TEXT_SETS}
OUTER_FOLDS = 5
REPORTED = {
    "fundus_dev": ("f1", "word_f1", "perfect", "para_recall", "junk"),
    "wcxb_dev": ("f1", "word_f1", "exact"),
    "traf_dev": ("seg_f", "seg_p", "seg_r"),
    "text_fundus_dev": ("junk_removed", "body_lost", "perfect", "f1"),
    "text_wcxb_dev": ("junk_removed", "body_lost", "perfect", "f1"),
}


def run(example: Example, scorer: Scorer, options: Options) -> CleanResult:
    """Clean one example with a given scorer, all of the pipeline included, site rules not."""
    return finish(example.begun, options, scorer)


def score_set(name: str, items: Sequence[Example], results: Sequence[CleanResult]) -> dict[str, float]:
    """The measuring stick's figures for one set."""
    rows, texts = [e.row for e in items], [r.text for r in results]
    if not name.startswith("text_"):
        return dict(stick("metrics").score(rows, texts))
    return dict(text_score(rows, texts))


def text_score(rows: Sequence[dict[str, Any]], texts: Sequence[str]) -> dict[str, float]:
    """As run_text.py counts: shares of words by the lines' labels, and of texts with every line right.

    Written again here because that script runs when it is imported.
    """
    metrics = stick("metrics")
    junk = junk_kept = body = body_lost = perfect = 0
    for row, text in zip(rows, texts):
        whole, good = metrics.squash(text), True
        for line, label in zip(row["text"].split("\n"), row["labels"]):
            said = metrics.squash(line)
            if not said or label == "m":
                continue
            words = len(metrics.tokens(line))
            kept = said in whole or (len(said) > 80 and said[10:-20] in whole)
            if label == "j":
                junk, junk_kept, good = junk + words, junk_kept + words * kept, good and not kept
            else:
                body, body_lost, good = body + words, body_lost + words * (not kept), good and kept
        perfect += good
    figures = dict(junk_removed=1 - junk_kept / max(1, junk), body_lost=body_lost / max(1, body), perfect=perfect / len(rows))
    return figures | metrics.aeb([(r["gold"], t) for r, t in zip(rows, texts)])


def fold_file(medium: Medium, seed: int, fold: int) -> str:
    """The name of the file of a fold's scorer."""
    return f"{medium}-{seed}-{fold}.npz"


def teacher(folder: Path, seed: int, fold: int) -> Scorer:
    """The pages' scorer that saw no site of a fold: the one in `folder`, or fitted now."""
    path = folder / fold_file(Medium.HTML, seed, fold)
    if not path.exists():
        pages = list(examples(HTML_SETS, shipped()))
        rest = [e for e, f in zip(pages, folds(pages, OUTER_FOLDS, seed)) if f != fold]
        folder.mkdir(parents=True, exist_ok=True)
        save(fit(rest, Fitting(Medium.HTML, seed)), path)
    return load(path)


def more_texts(pages: Sequence[Example], scorer: Scorer, fold: int | None, seed: int) -> list[Example]:
    """Texts made of pages, labelled by their gold or by the pages' scorer, without those of a fold's sites."""
    found = scraped([page for page in pages if page.set == SOURCE], scorer, shipped()) + whole([page for page in pages if page.row["gold"]], shipped())
    return [e for e, f in zip(found, folds(found, OUTER_FOLDS, seed)) if f != fold]


class Held(NamedTuple):
    """A fold whose sites are held out of a fit. What is fitted learns from `items`, and from what the gold, or the
    fold's pages' scorer, its teacher, says of `pages`."""

    items: Sequence[Example]
    pages: Sequence[Example]
    fitting: Fitting
    fold: int

    @property
    def path(self) -> str:
        """The name of the file of what is fitted."""
        return fold_file(self.fitting.medium, self.fitting.seed, self.fold)

    def teaches(self, other: Held) -> bool:
        """Whether the other waits for this one."""
        mine, its = self.fitting, other.fitting
        return bool(other.pages) and (mine.medium, mine.seed, self.fold) == (Medium.HTML, its.seed, other.fold)


def fit_folds(todo: Sequence[Held], keep: Path) -> None:
    """Fit a scorer for each fold and write it to `keep`, several at a time."""
    waiting = list(todo)
    running: dict[multiprocessing.process.BaseProcess, Held] = {}
    # Forked, so that the examples need not be sent.
    context = multiprocessing.get_context("fork")
    while waiting or running:
        for held in list(waiting):
            if len(running) == (os.cpu_count() or 1):
                break
            if not any(other.teaches(held) for other in (*waiting, *running.values())):
                waiting.remove(held)
                process = context.Process(target=fit_fold, args=(held, keep))
                process.start()
                running[process] = held
        multiprocessing.connection.wait([p.sentinel for p in running])
        for process in [p for p in running if not p.is_alive()]:
            del running[process]
            if process.exitcode:
                raise SystemExit(f"a fold's process ended with status {process.exitcode}")


def fit_fold(held: Held, keep: Path) -> None:
    """Fit the scorer of one fold."""
    items, pages, fitting, fold = held
    started = time.time()
    outer = folds(items, OUTER_FOLDS, fitting.seed)
    more = more_texts(pages, teacher(keep, fitting.seed, fold), fold, fitting.seed) if pages else []
    scorer = fit([e for e, f in zip(items, outer) if f != fold] + more, fitting)
    draft = keep / f"draft-{held.path}"
    save(scorer, draft)
    os.replace(draft, keep / held.path)
    print(
        f"{fitting.medium} seed {fitting.seed} fold {fold + 1} of {OUTER_FOLDS}: {time.time() - started:.0f} s, {scorer.settings}",
        flush=True,
    )


def cross_validate(medium: Medium, sets: Sequence[str], seeds: Sequence[int], keep: Path, go_on: bool) -> dict[str, Any]:
    """Every document cleaned by a model that saw no page of its site, nor was taught by one that did, for each seed.

    The models of each fold are written to `keep`, and every block's label, score and fate. To `go_on` is to use those models
    that a run before has written there.
    """
    items = list(examples(sets, shipped()))
    pages = list(examples(HTML_SETS, shipped())) if medium is Medium.TEXT else []
    keep.mkdir(parents=True, exist_ok=True)
    by_seed: dict[str, list[dict[str, float]]] = defaultdict(list)
    report: dict[str, Any] = {}
    for seed in seeds:
        outer = folds(items, OUTER_FOLDS, seed)
        results: list[CleanResult | None] = [None] * len(items)
        todo = [Held(items, pages, Fitting(medium, seed, threads=1), k) for k in range(OUTER_FOLDS)]
        fit_folds([held for held in todo if not (go_on and (keep / held.path).exists())], keep)
        for held in todo:
            scorer = load(keep / held.path)
            for i in np.flatnonzero(outer == held.fold):
                results[i] = run(items[i], scorer, Options(second_opinion=SecondOpinion.NEVER))
        done = [r for r in results if r is not None]
        for name in sets:
            mine = [i for i, e in enumerate(items) if e.set == name]
            figures = score_set(name, [items[i] for i in mine], [done[i] for i in mine])
            by_seed[name].append(figures)
            print(seed, name, json.dumps({k: round(v, 4) for k, v in figures.items()}), flush=True)
        report["errors"] = errors_by_class(items, done)
        report["confidence"] = confident_share(items, done)
        report["calibration"] = calibrate(items, done)
        dump(keep, medium, items, done)
    report["figures"] = {
        name: {m: (statistics.mean(f[m] for f in runs), statistics.pstdev(f[m] for f in runs)) for m in REPORTED[name]}
        for name, runs in by_seed.items()
    }
    return report


def errors_by_class(items: Sequence[Example], results: Sequence[CleanResult]) -> dict[str, Any]:
    """How many words were lost or left, by tag, and by the rule or kind that decided."""
    lost: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for example, result in zip(items, results):
        why = {r.start: r.rule or str(r.kind) for r in result.removals}
        roles = [role for role, drop in zip(result.roles, example.cut.dropped) if not drop]
        for i, (block, label) in enumerate(zip(example.document.blocks, example.labels)):
            if label == UNSURE:
                continue
            kept = roles[i] is not Role.REMOVED
            words = int(example.text.words[i])
            if label and not kept:
                lost[why.get(block.start, "scorer")] += words
            elif not label and kept:
                left[block.tag] += words
    return {"body words lost, by what removed them": dict(lost.most_common(25)), "junk words left, by tag": dict(left.most_common(12))}


def dump(folder: Path, medium: Medium, items: Sequence[Example], results: Sequence[CleanResult]) -> None:
    """Write each document's blocks with label, score and fate, to look at what went wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{medium}.jsonl").open("w", encoding="utf-8") as out:
        for example, result in zip(items, results):
            rules = {r.start: f"{r.kind}:{r.rule}" for r in result.removals}
            blocks = [
                [int(label), round(b.score, 3), str(b.role), rules.get(b.start, ""), b.tag, b.text]
                for b, label in zip((b for b, drop in zip(result.blocks, example.cut.dropped) if not drop), example.labels)
            ]
            row = {
                "set": example.set,
                "id": example.row["id"],
                "site": example.site,
                "scraper": example.row.get("scraper"),
                "confidence": result.confidence,
                "title": result.title,
                "blocks": blocks,
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def train(medium: Medium, sets: Sequence[str], seed: int, calibration: dict[str, float]) -> None:
    """Fit on everything and write the model that ships."""
    items = list(examples(sets, shipped()))
    if medium is Medium.TEXT:
        items += more_texts(list(examples(HTML_SETS, shipped())), load(MODELS / f"{Medium.HTML}.npz"), None, seed)
    scorer = fit(items, Fitting(medium, seed))
    path = MODELS / f"{medium}.npz"
    path.parent.mkdir(exist_ok=True)
    save(scorer._replace(settings={**scorer.settings, **calibration}), path)
    print(json.dumps({"importances": importances(scorer.second or scorer.first)}, indent=1))
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB, from {len(items)} documents of {len({e.site for e in items})} sites")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--medium", choices=[m.value for m in Medium], action="append")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds to repeat the cross-validation with")
    parser.add_argument("--report", type=Path, default=Path("out/training.json"))
    parser.add_argument("--keep", type=Path, default=Path("out/folds"), help="folder for the folds' models, and every block's fate")
    parser.add_argument("--go-on", action="store_true", help="use the folds' models that are in --keep already")
    options = parser.parse_args()
    options.report.parent.mkdir(parents=True, exist_ok=True)
    report = json.loads(options.report.read_text()) if options.report.exists() else {}
    for name in options.medium or [m.value for m in Medium]:
        medium = Medium(name)
        if options.cross_validate:
            report[name] = cross_validate(medium, SETS[medium], range(options.seeds), options.keep, options.go_on)
            options.report.write_text(json.dumps(report, indent=1))
            print(json.dumps(report[name], indent=1))
        else:
            train(medium, SETS[medium], 0, report.get(name, {}).get("calibration", {}))


if __name__ == "__main__":
    main()
