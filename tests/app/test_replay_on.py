"""Would these answers have helped another model? What must help, what cannot and what must harm is told so."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app import workflows
from defectstudio.app.projects import import_job, record_import
from defectstudio.app.replay_on import Helped, replay_on_job
from defectstudio.cli.main import run
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.domain.labels import LabelMap, Verdict
from defectstudio.domain.mentoring import Detection, VerdictKind
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.session import Session
from tests.conftest import write_image
from tests.made_mentoring import SIDE, SQUARE, drawn

PLAIN, RING, BRIGHT, DARK = "plain", "ring", "bright", "dark"
"""What images show: nothing, a bright ring that is harmless; a bright or a dark square, which are defects."""
NEW = (PLAIN, RING, DARK, BRIGHT)


def picture(number: int, shown: str) -> np.ndarray:
    image = np.random.default_rng(number).normal(100, 5, (SIDE, SIDE))
    if shown == RING:
        image[SQUARE.slices] += 90
        image[20:28, 28:36] -= 90
    elif shown != PLAIN:
        image[SQUARE.slices] += 90 if shown == BRIGHT else -60
    return image.clip(0, 255).astype(np.uint8)


def items(folder: Path, split: str, shows: list[str], start: int, *, told: bool = True) -> list[ImportItem]:
    """Images that show such things; `told`: with tags and masks."""
    made = []
    for number, shown in enumerate(shows, start=start):
        path = write_image(folder / f"part{number:02d}.png", picture(number, shown))
        defective = told and shown in {BRIGHT, DARK}
        verdict = (Verdict.DEFECTIVE if defective else Verdict.GOOD) if told else Verdict.UNLABELLED
        mask: Callable[[tuple[int, int]], LabelMap] | None = drawn if defective else None
        made.append(ImportItem(path, path.stem, verdict, split=split, classes=("spot",) if mask else (), read_map=mask))
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that learnt bright squares; images to test on show all four things, new ones too, without a label."""
    folder = tmp_path_factory.mktemp("on")
    listed = items(folder, "train", [PLAIN, BRIGHT] * 5, 0)
    listed += items(folder, "test", [*NEW] * 5, 20)
    listed += items(folder, "bright", [PLAIN, BRIGHT] * 4, 40)
    listed += items(folder, "", [*NEW] * 4, 60, told=False)
    with Project.create(folder / "project") as project:
        session = Session(project)
        plan = ImportPlan("folder", folder, listed, ("spot",))
        record_import(session, plan, finish(import_job(project, plan)(CancelToken())))
        config = default_config(height=SIDE, width=SIDE, epochs=6, threads=1, threshold_folds=0, precision="32")
        record = finish(workflows.train_job(project, config, run_id="b")(CancelToken()))
        workflows.record_run(session, record)
    return folder / "project"


def judged(made: Path, folder: Path, verdicts: dict[str, VerdictKind]) -> Path:
    """A copy in which the detections of another model, in new images that show such things, were judged."""
    copy = Path(shutil.copytree(made, folder / "copy"))
    with Project.open(copy) as project:
        images = {image: int(entry.info.name[-2:]) for image, entry in project.state.images.items()}
        shown = {image: NEW[number % len(NEW)] for image, number in images.items() if number >= 60}
        found = [Detection(f"d{image}", image, "a", SQUARE, 1, 0.7) for image in shown if shown[image] in verdicts]
        work = Mentoring(Session(project), found)
        for detection in found:
            work.judge_one(detection.id, verdicts[shown[detection.image]], seconds=1.0)
    return copy


def replayed(copy: Path, split: str = "test") -> Helped:
    with Project.open(copy, readonly=True) as project:
        return finish(replay_on_job(project, "b", split=split)(CancelToken()))


def test_answers_about_what_the_model_did_not_know_help_it(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = judged(made, tmp_path, {DARK: "confirmed", RING: "rejected"})
    assert run(["replay", str(copy), "--on", "b"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "0 answers and 8 verdicts on 8 images; tested on 20 images of split test, 10 of them defective." in said
    assert re.search(r"(?<!Pixel )AP with minus without: \+0\.\d+ \(95 %: \+0\.\d+ to \+0\.\d+\): helped\.", said)


def test_answers_about_what_the_model_knows_already_make_no_clear_difference(made: Path, tmp_path: Path) -> None:
    found = replayed(judged(made, tmp_path, {BRIGHT: "confirmed"}), split="bright")
    assert (found.verdict, found.pixel_verdict) == ("no clear difference", "no clear difference")
    assert found.without.ap == found.with_answers.ap == [1.0]


def test_wrong_answers_harm(made: Path, tmp_path: Path) -> None:
    found = replayed(judged(made, tmp_path, {DARK: "rejected", RING: "confirmed"}))
    assert (found.verdict, found.pixel_verdict) == ("harmed", "harmed")
    assert found.difference.value is not None
    assert found.difference.value < -0.1
