"""How fast one panel of refinement follows another in the window, with many patches in memory.

    python benchmarks/refine_ui.py [--patches 50000] [--images 100] [--panels 40] [--write superpixel|pixel|patch]

Row `panel_ui`: from Enter until the next panel is painted with all its pictures, in the real window by real key events,
on generated images with made-up embeddings. The next panel is prepared while the one before is looked at (0.4 s).
`cpu_`: processor time of all threads, for machines that do other work besides.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from _common import close
from PySide6.QtCore import QSettings

from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange import registry
from defectstudio.data.project import Project
from defectstudio.data.similarity import (
    PatchIndex,
    RoundRecord,
    round_folder,
    similarity_config,
    write_index,
    write_round,
)
from defectstudio.data.synthetic import generate
from defectstudio.domain.labels import effective_map
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from defectstudio.ui.app import run_window
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.refine_measure import measure_panels

DIMS, STRIDE = 64, 8


def make_project(folder: Path, images: int, patches: int) -> Path:
    """Generated images, a third of them defective, and a round whose patches lie anywhere in embedding space."""
    bad = images // 3
    finish(generate(folder / "images", train=(images - bad, bad), test=(1, 1), seed=0))
    plan = registry.read(folder / "images")
    with Project.create(folder / "project") as project:
        record_import(Session(project), plan, finish(import_job(project, plan)(CancelToken())))
        write_made_round(project, patches)
    return folder / "project"


def write_made_round(project: Project, patches: int) -> None:
    """Round 0 with so many patches, drawn from all places at the stride."""
    rng, places, defect = np.random.default_rng(0), [], []
    for image, entry in project.state.images.items():
        rows, columns = (np.arange(STRIDE // 2, side, STRIDE) for side in entry.shape)
        grid = np.stack(np.meshgrid(rows, columns, indexing="ij"), -1).reshape(-1, 2)
        drawn = effective_map(entry.tag, project.state.label_map(image), entry.shape)
        places.append(np.column_stack([np.full(len(grid), image), grid]))
        defect.append((drawn[grid[:, 0], grid[:, 1]] % 255) > 0)
    known, bad = np.concatenate(places), np.concatenate(defect)
    kept = rng.permutation(len(known))[:patches]
    known, bad = known[kept], bad[kept]
    vectors = rng.normal(size=(len(known), DIMS)).astype(np.float32)
    vectors[:, 0] += np.where(bad, 2.0, -2.0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    p_defect = np.clip(np.where(bad, 0.8, 0.2) + rng.normal(0, 0.2, len(known)), 0, 1).astype(np.float32)
    columns = known[:, 0], known[:, 1].astype(np.int32), known[:, 2].astype(np.int32)
    record = RoundRecord(
        round=0,
        created="2026-03-01T10:00:00+00:00",
        status="finished",
        config=similarity_config(embedding=DIMS, stride=STRIDE, patches=patches),
        event=project.journal.last_event,
    )
    folder = round_folder(project.folder, 0)
    folder.mkdir(parents=True)
    write_index(folder, PatchIndex(*columns, vectors, p_defect))
    write_round(folder, record)


async def measure(window: MainWindow, options: argparse.Namespace, spent: list[tuple[float, float]]) -> None:
    """Answer so many panels, then close the window."""
    window.open_folder(options.project)
    panel = window.refine_panel
    panel.write.setCurrentIndex(panel.write.findData(options.write))
    window.viewer.set_display(heat=False)  # an index that holds a part of the patches leaves heat to the network
    window.refine.show_page()
    spent += await measure_panels(window, options.panels)
    window.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--patches", type=int, default=50_000)
    options.add_argument("--images", type=int, default=100)
    options.add_argument("--panels", type=int, default=40)
    options.add_argument("--write", choices=["superpixel", "pixel", "patch"], default="superpixel")
    chosen, spent, tasks = options.parse_args(), [], []
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
        chosen.project = make_project(Path(scratch), chosen.images, chosen.patches)

        def ready(window: MainWindow) -> None:
            tasks.append(asyncio.get_running_loop().create_task(measure(window, chosen, spent)))

        run_window(None, ready=ready)
        tasks[0].result()
    took = 1000 * np.array(spent)
    row = {"name": "panel_ui", "write": chosen.write, "patches": chosen.patches, "panels": len(spent)}
    for name, column in (("", took[:, 0]), ("cpu_", took[:, 1])):
        row |= {f"{name}p{share}_ms": round(float(np.percentile(column, share)), 1) for share in (50, 95)}
    close("refine_ui", [row])


if __name__ == "__main__":
    main()
