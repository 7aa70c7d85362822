"""This project beside its peers, on pages and on stored text, quality and speed in one run.

    python -m benchmarks.compare                 prints the table, writes it and the chart into the README and docs/
    python -m benchmarks.compare --limit 60      the same on the first 60 of each set, only printed

This project's quality is the cross-validated one in out/training.json (`python -m training.train
--cross-validate` writes it): the models that ship were fitted on these very pages. Speed is that of the models
that ship. CPU time of one thread; compare ratios, not seconds.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from training.data import HTML_SETS, TEXT_SETS, data_folder, stick
from training.train import REPORTED, text_score

ROOT = Path(__file__).parent.parent
HTML_PEERS = ("trafilatura", "trafilatura_fast", "resiliparse", "readability", "newspaper4k", "justext", "boilerpy3", "cleaner")
TEXT_PEERS = ("identity", "c4", "cleaner")
START, END = "<!-- benchmark: made by python -m benchmarks.compare -->", "<!-- end of benchmark -->"
SHOWN = {"fundus_dev": ("f1", "perfect"), "wcxb_dev": ("f1", "exact"), "traf_dev": ("seg_f",),
         "text_fundus_dev": ("junk_removed", "body_lost", "perfect"), "text_wcxb_dev": ("junk_removed", "body_lost", "perfect")}  # fmt: skip

Figures = dict[str, dict[str, dict[str, float]]]


def timed(clean: Callable[[Any, str | None], str | None], rows: list[dict[str, Any]], field: str) -> tuple[list[str], float]:
    """Each row's result and the CPU milliseconds a row; a row that fails gives an empty text."""
    try:
        clean(rows[0][field], None)
    except Exception:  # a peer may raise anything; the row then counts as empty below
        pass
    found = []
    started = time.process_time()
    for row in rows:
        try:
            found.append(clean(row[field], row["url"] or None) or "")
        except Exception:  # as above
            found.append("")
    return found, 1000 * (time.process_time() - started) / len(rows)


def measure(limit: int | None) -> Figures:
    """Set to peer to figure."""
    found: Figures = {}
    folder = data_folder() / "corpus"
    for names, peers, field in ((HTML_SETS, HTML_PEERS, "html"), (TEXT_SETS, TEXT_PEERS, "text")):
        for name in names:
            rows = stick("corpus").rows(folder, name, limit)
            for peer in peers:
                clean = stick("peers").ALL[peer]() if field == "html" else text_peer(peer)
                texts, ms = timed(clean, rows, field)
                figures = stick("metrics").score(rows, texts) if field == "html" else text_score(rows, texts)
                found.setdefault(name, {})[peer] = {**{k: figures[k] for k in REPORTED[name] if k in figures}, "ms": ms}
                print(name, peer, json.dumps({k: round(v, 4) for k, v in found[name][peer].items()}), flush=True)
    return found


def text_peer(name: str) -> Callable[[str, str | None], str | None]:
    """A peer for stored text."""
    if name == "c4":
        from datatrove.data import Document
        from datatrove.pipeline.filters import C4QualityFilter

        c4 = C4QualityFilter(filter_no_terminal_punct=True, min_num_sentences=-1, filter_curly_bracket=False, filter_lorem_ipsum=False)

        def lines(text: str, url: str | None) -> str:
            document = Document(text=text, id="0")
            c4.filter(document)
            return str(document.text)

        return lines
    if name == "cleaner":
        import cleaner

        return lambda text, url: cleaner.clean_text(text, url=url).text
    return lambda text, url: text


def honest(found: Figures) -> dict[tuple[str, str], float]:
    """Put the cross-validated figures in the place of those from pages that the models were fitted on. Gives by how much each
    differs between seeds."""
    path = ROOT / "out" / "training.json"
    if not path.exists():
        raise SystemExit(f"{path} is missing: run python -m training.train --cross-validate first")
    report = json.loads(path.read_text())
    spread = {}
    for medium in report.values():
        for name, figures in medium["figures"].items():
            if name in found:
                found[name]["cleaner"] |= {metric: mean for metric, (mean, _) in figures.items()}
                spread |= {(name, metric): deviation for metric, (_, deviation) in figures.items()}
    return spread


def table(found: Figures, spread: dict[tuple[str, str], float]) -> str:
    """Two Markdown tables, pages and stored text; speed as a ratio to the first peer's. Behind ± stands the standard deviation
    between seeds of the cross-validation."""
    parts = []
    for names, peers, against in ((HTML_SETS, HTML_PEERS, "trafilatura"), (TEXT_SETS, TEXT_PEERS, "c4")):
        columns = [(name, metric) for name in names for metric in SHOWN[name]]
        head = ["", *(f"{name} {metric}" for name, metric in columns), f"speed ({against} = 1)"]
        rows = ["| " + " | ".join(head) + " |", "|---|" + "---|" * (len(head) - 1)]
        for peer in peers:
            slow = sum(found[name][against]["ms"] for name in names)
            own = sum(found[name][peer]["ms"] for name in names)
            cells = [f"{found[name][peer][metric]:.3f}" for name, metric in columns]
            if peer == "cleaner":
                cells = [cell + (f" ± {spread[column]:.3f}" if spread.get(column) else "") for cell, column in zip(cells, columns)]
            speed = f"{slow / own:.1f}" if own > 0.01 else "–"
            rows.append(f"| {'**cleaner**' if peer == 'cleaner' else peer} | " + " | ".join([*cells, speed]) + " |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def chart(found: Figures, path: Path) -> None:
    """Quality against speed on news pages."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4))
    base = sum(found[name]["trafilatura"]["ms"] for name in HTML_SETS)
    for peer in HTML_PEERS:
        speed = base / sum(found[name][peer]["ms"] for name in HTML_SETS)
        quality = found["fundus_dev"][peer]["f1"]
        own = peer == "cleaner"
        axes.scatter(speed, quality, s=60 if own else 30, color="#c0392b" if own else "#7f8c8d")
        axes.annotate(peer, (speed, quality), xytext=(6, 4), textcoords="offset points", fontweight="bold" if own else "normal")
    axes.set_xscale("log")
    axes.set_xlabel("pages a second, trafilatura = 1 (log scale)")
    axes.set_ylabel("F1 on news pages (fundus_dev)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int)
    limit = parser.parse_args().limit
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    found = measure(limit)
    text = table(found, honest(found))
    print(text)
    if limit is None:
        chart(found, ROOT / "docs" / "benchmark.svg")
        readme = ROOT / "README.md"
        before, rest = readme.read_text(encoding="utf-8").split(START)
        readme.write_text(f"{before}{START}\n\n{text}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
