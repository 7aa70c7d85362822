"""What site files bring: labelled pages cleaned with them and without, for the pages whose site has a file.

    CLEANER_DATA=… python -m benchmarks.site_rules RULES [--folds DIR] [--report FILE] [--worse N]

RULES is a rules folder with `sites/`, such as `cleaner rules import ftr ARCHIVE --out RULES` writes. It needs the
labelled pages (see docs/training.md), found through CLEANER_DATA. The shipped models have seen these pages, which flatters the
figures without site files. With `--folds DIR` each page is judged by a model that saw no page of its site: the
`html-0-<fold>.npz` that `python -m training.train --cross-validate --keep DIR` writes.

f1 is that of four-word shingles, seg_f (traf_dev, which has snippets only) that of the snippets.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from cleaner import decode as decoding
from cleaner import model
from cleaner.block import Medium
from cleaner.model import Scorer
from cleaner.options import Options, SecondOpinion
from cleaner.page_head import published
from cleaner.pipeline import begin_document, finish
from cleaner.result import CleanResult
from cleaner.ruleset import RuleSet, shipped
from cleaner.segment_html import segment_html
from cleaner.selection import select, selects
from cleaner.site_files import SiteFiles
from training.data import HTML_SETS, data_folder, site_of, stick
from training.fit import folds
from training.train import OUTER_FOLDS

METRICS = {"fundus_dev": "f1", "wcxb_dev": "f1", "traf_dev": "seg_f"}


class Page(NamedTuple):
    """A labelled page that has a site file, and its results with that file and without."""

    set: str
    row: dict[str, Any]
    file: str
    used: CleanResult
    without: CleanResult

    def score(self, result: CleanResult) -> float:
        """The page's own figure: f1 of shingles, or of snippets."""
        figures = stick("metrics").score([self.row], [result.text])
        return float(figures[METRICS[self.set]])


def scorers(folder: Path | None) -> list[Scorer]:
    """The model for each fold: the shipped one where no folder is given."""
    if folder is None:
        return [model.shipped(Medium.HTML)] * OUTER_FOLDS
    return [model.load(folder / f"html-0-{fold}.npz") for fold in range(OUTER_FOLDS)]


def fold(site: str) -> int:
    """The fold of a cross-validation with seed 0 in which a site's pages were held out."""
    return int(folds([SimpleNamespace(site=site)], OUTER_FOLDS, 0)[0])


def pages(rules: Path, models: list[Scorer], sets: tuple[str, ...] = HTML_SETS) -> Iterator[Page]:
    """Every page whose site has a file with selectors, cleaned twice."""
    # The files under test alone: none that ship.
    ruleset = RuleSet(shipped().rules, sites=SiteFiles([(rules, {})]))
    options = Options(second_opinion=SecondOpinion.NEVER)
    for name in sets:
        for row in stick("corpus").rows(data_folder() / "corpus", name):
            url = row["url"] or None
            page = decoding.decode(row["html"])
            site = ruleset.site(url, when=partial(published, url, page))
            if site is None or not selects(site.file):
                continue
            scorer = models[fold(site_of(row))]
            without = finish(begin_document(segment_html(page), page, url, ruleset, options), options, scorer)
            marked = LexborHTMLParser(page)
            selected = select(marked, page, site.file, site.date)
            begun = begin_document(segment_html(page, marked), page, url, ruleset, options, site=site, selected=selected)
            used = finish(begun, options, scorer)
            yield Page(name, row, site.file.name, used, without)


def figures(found: list[Page]) -> dict[str, dict[str, float]]:
    """Each set's figure without site files and with them; `all` is f1 over the pages that have whole texts as gold."""
    report = {}
    groups = {name: [p for p in found if p.set == name] for name in HTML_SETS}
    groups["all"] = [p for p in found if METRICS[p.set] == "f1"]
    for name, group in groups.items():
        if not group:
            continue
        rows, metric = [p.row for p in group], METRICS.get(name, "f1")
        score = stick("metrics").score
        without, used = score(rows, [p.without.text for p in group]), score(rows, [p.used.text for p in group])
        changes = [p.score(p.used) - p.score(p.without) for p in group]
        report[name] = {
            "pages": len(group),
            f"{metric} without": round(without[metric], 4),
            f"{metric} with": round(used[metric], 4),
            "better": sum(c > 0.001 for c in changes),
            "worse": sum(c < -0.001 for c in changes),
        }
    return report


def worst(found: list[Page]) -> list[dict[str, Any]]:
    """The pages that lose, the greatest loss first: what took most of their text, and what the result warns of."""
    rows = []
    for page in found:
        change = page.score(page.used) - page.score(page.without)
        if change < -0.001:
            gone: dict[str, int] = {}
            kept = {block.text for block in page.without.blocks if block.role != "removed"}
            for removal in page.used.removals:
                if removal.text in kept:
                    gone[removal.rule] = gone.get(removal.rule, 0) + len(removal.text.split())
            rows.append({
                "set": page.set, "id": page.row["id"], "url": page.row["url"], "file": page.file, "change": round(change, 4),
                "words gone by rule": dict(sorted(gone.items(), key=lambda i: -i[1])[:4]), "warnings": list(page.used.warnings),
            })  # fmt: skip
    return sorted(rows, key=lambda row: (row["change"], row["id"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", type=Path)
    parser.add_argument("--folds", type=Path, help="folder of the models of a cross-validation")
    parser.add_argument("--report", type=Path, help="figures and all pages that lose, as JSON")
    parser.add_argument("--worse", type=int, default=10, help="how many pages that lose are shown")
    options = parser.parse_args()
    found = list(pages(options.rules, scorers(options.folds)))
    report, losers = figures(found), worst(found)
    for name, row in report.items():
        print(f"{name:12}", "  ".join(f"{key} {value}" for key, value in row.items()))
    for row in losers[: options.worse]:
        print(f"{row['change']:+.3f} {row['set']} {row['url'] or row['id']} ({row['file']}): {row['words gone by rule']}")
    if options.report:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(json.dumps({"figures": report, "worse": losers}, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
