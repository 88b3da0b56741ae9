"""Commands that open the window, and the demo."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.cli.project import Json
from defectstudio.domain.errors import DefectStudioError

OpenWindow: TypeAlias = Callable[[Path | None], int]
"""Shows the window on a project until it is closed; returns the exit code."""


def has_screen() -> bool:
    """Whether a window can be shown here."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def app(
    context: typer.Context,
    project: Annotated[Path | None, typer.Argument(help="The project to open.", show_default=False)] = None,
    json: Json = False,
) -> None:
    """Open the window."""
    if not has_screen() and os.environ.get("QT_QPA_PLATFORM") not in {"offscreen", "minimal", "vnc"}:
        raise DefectStudioError(
            "There is no screen to open a window on.", hint="Use the commands: defectstudio --help lists them."
        )
    code = _open(context, project)
    if json:
        print_json({"exit": code})
    if code:
        raise typer.Exit(code)


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A new folder for demo images and project.")] = Path("demo"),
    images: Annotated[int, typer.Option(min=40, help="How many surface images to generate.")] = 300,
    masks: Annotated[int, typer.Option(min=1, help="How many masks the second run may use.")] = 8,
    seed: Annotated[int, typer.Option(help="Seed of images and training.")] = 0,
    window: Annotated[bool, typer.Option(help="Open the window at the end, where there is a screen.")] = True,
    json: Json = False,
) -> None:
    """The main job on generated data: import, train on tags, then with a few masks, rank, report."""
    from defectstudio.app.demo import demo_job

    result = run_job(lambda token: demo_job(folder, images, masks, seed, token), "Demo")
    if json:
        print_json(result)
    else:
        rows = [(row.name, row.masks, row.ap, row.pixel_ap, row.fp, row.fn, row.seconds) for row in result.runs]
        heads = ("trained on", "masks", "AP", "pixel AP", "FP", "FN", "seconds")
        print_table(f"{result.test_images} unseen images, {result.test_defective} defective", heads, rows)
        next_rows = [(r.position, r.name, r.p_defect, r.reason) for r in result.segment_next[:8]]
        print_table("Segment next", ("", "image", "P(defect)", "why"), next_rows)
        stdout.print(f"Report:  {result.report}\nProject: {result.project}", markup=False)
        stdout.print(f"Open it: defectstudio app {result.project}", markup=False)
    if window and has_screen() and not json:
        _open(context, Path(result.project))


def _open(context: typer.Context, project: Path | None) -> int:
    """Call what the program was started with to show the window."""
    show: OpenWindow | None = context.obj
    if show is None:
        raise DefectStudioError("This program was started without a window.", hint="Start it with `defectstudio app`.")
    return show(project)
