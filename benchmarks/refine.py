"""Similarity refinement: how fast a panel is chosen, and how fast the network looks at whole images.

Each row is a function of the options; `--rows` chooses among them, `--quick` makes them small. `panel`: from one panel
to the next with 50 000 patches in memory, what was asked before left out. `hardest_1m`: the hardest positives and
negatives among a million embeddings. The other rows are described in `refine_speed` and `refine_rounds`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from _common import close, say

Options = argparse.Namespace
Row = dict[str, Any]

PATCHES = 50_000
DIMS = 64


def panel(options: Options) -> Row:
    """50 panels one after another, each with its choice, the marks of what was asked, and the candidates' values."""
    from defectstudio.acquisition.queries import PatchTable, choose_panel, overlapping, squared_lengths

    rng = np.random.default_rng(options.seed)
    vectors = clustered(rng, PATCHES)
    patches = PatchTable(
        image=rng.integers(1, 400, PATCHES),
        row=rng.integers(0, 1240, PATCHES),
        column=rng.integers(0, 500, PATCHES),
        labels=(rng.random(PATCHES) < 0.5).astype(np.uint8),
        p_defect=rng.random(PATCHES).astype(np.float32),
        embedding=vectors,
        squares=squared_lengths(vectors),
    )
    used, spent = np.zeros(PATCHES, np.bool_), []
    for number in range(50):
        began = time.monotonic()
        found = choose_panel(patches, rng, anchor="entropy" if number % 2 else "random", used=used)
        assert found is not None
        at = found.positions()
        places = zip(*(column[at].tolist() for column in (patches.image, patches.row, patches.column)), strict=True)
        used |= overlapping(patches, places, 16)
        spent.append(1000 * (time.monotonic() - began))
    return {"name": "panel", "p50_ms": rounded(np.median(spent)), "p95_ms": rounded(np.percentile(spent, 95))}


def hardest_1m(options: Options) -> Row:
    """Both kinds among a million, lengths not computed beforehand; the median of seven."""
    from defectstudio.acquisition.queries import hardest

    rng = np.random.default_rng(options.seed)
    vectors = clustered(rng, 1_000_000)
    positive = rng.random(len(vectors)) < 0.5
    spent = []
    for number in range(7):
        began = time.monotonic()
        hardest(vectors, vectors[number], positive=positive)
        spent.append(1000 * (time.monotonic() - began))
    return {"name": "hardest_1m", "ms": rounded(np.median(spent)), "slowest_ms": rounded(max(spent))}


def clustered(rng: np.random.Generator, count: int) -> np.ndarray:
    """Embeddings of length 1 in twenty heaps, as surfaces give them, (count, 64) float32."""
    centres = rng.normal(size=(20, DIMS)).astype(np.float32)
    vectors = centres[rng.integers(0, 20, count)] + 0.3 * rng.standard_normal((count, DIMS), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def rounded(value: Any) -> float:
    return round(float(value), 2)


def dense(options: Options) -> Row:
    """A whole image by both networks; see `refine_speed`."""
    from refine_speed import dense_row

    return dense_row(options)


def training(options: Options) -> Row:
    """A round of `fast` after fifty answers; see `refine_speed`."""
    from refine_speed import training_row

    return training_row(options)


def roi_4_rounds(options: Options) -> Row:
    """From boxes round all defects to dense maps by 200 answers; see `refine_rounds`."""
    from refine_rounds import roi_row

    return roi_row("roi_4_rounds", options, missing=0.0)


def roi_4_rounds_20_missing(options: Options) -> Row:
    """The same with a fifth of the boxes left out."""
    from refine_rounds import roi_row

    return roi_row("roi_4_rounds_20_missing", options, missing=0.2)


ROWS: dict[str, Callable[[Options], Row]] = {
    "panel": panel,
    "hardest_1m": hardest_1m,
    "dense": dense,
    "training": training,
    "roi_4_rounds": roi_4_rounds,
    "roi_4_rounds_20_missing": roi_4_rounds_20_missing,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, help="the folder that holds ksdd/ and mtd/")
    parser.add_argument("--rows", nargs="+", choices=list(ROWS), default=list(ROWS))
    parser.add_argument("--quick", action="store_true", help="end within 15 minutes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--seeds", type=int, nargs="+", help="of the rows with rounds; else 0, or 0 1 2 without --quick"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--error", type=float, default=0.0, help="how often the simulated expert errs, 0..1")
    parser.add_argument("--work", type=Path, help="keeps projects, features and what is simulated already")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        options.work = options.work or Path(temporary)
        for name in options.rows:
            rows.append(ROWS[name](options))
            say(f"{rows[-1]}")
    close("refine", rows)


if __name__ == "__main__":
    main()
