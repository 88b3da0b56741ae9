"""A robot at the real window: deploy a run, look through a folder, thirty verdicts by key, train, approve."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from defectstudio.app import workflows
from defectstudio.app.bundles import load_bundle
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config, list_runs
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from defectstudio.ui.main_window import MainWindow
from tests.conftest import write_image
from tests.e2e.test_window import at_window  # noqa: F401 - a fixture
from tests.made_detections import detections_of, make_project, picture, put_into_queue
from tests.ui.conftest import own_settings  # noqa: F401 - a fixture
from tests.ui.robot import active, click, press, until

Key = Qt.Key
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
VERDICTS = 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixteen new images with two detections in each, and a run that saw six others for one epoch.

    Its encoder ends at stride 4: the export traces every layer, which with all of them takes longer than all the rest.
    """
    made = make_project(tmp_path, images=16, train=6)
    with Project.open(made) as project:
        token, config = CancelToken(), default_config(epochs=1, height=96, width=96, strides=(4,), threshold_folds=0)
        record = finish(workflows.train_job(project, config)(token))
        workflows.record_run(Session(project), record)
        put_into_queue(project, detections_of(project))
    write_image(tmp_path / "line" / "cam1.png", picture(500))
    (tmp_path / "line" / "cam2.png").write_bytes(b"\x89PNG\r\n\x1a\n half of it")
    return made


async def approve_the_run(window: MainWindow) -> str:
    """By the form of the panel, as a person would."""
    page = window.mentor_panel.mining
    window.mentor_panel.show_page(page)
    click(page.deployed.change)
    assert not page.deployed.approve.isEnabled()
    QTest.keyClicks(page.deployed.who, "A. Huber")
    QTest.keyClicks(page.deployed.reason, "best so far")
    click(page.deployed.approve)
    approver = window.mentor.mining.approver
    await until(approver.changed, lambda: not approver.busy, 100)
    assert window.mentor.mining.deployed is not None
    assert "A. Huber" in page.deployed.now.text()
    return window.mentor.mining.deployed.id


async def look_through(window: MainWindow, folder: Path) -> None:
    """One good file and one that is cut off: the first joins the project, the second is reported."""
    mining = window.mentor.mining
    assert window.bench is not None
    before = len(window.bench.images)
    QTest.keyClicks(window.mentor_panel.mining.folder, str(folder))
    window.actions_table.by_key["mentor.mine"].trigger()
    assert mining.mining
    await until(mining.changed, lambda: not mining.mining, 100)
    assert len(window.bench.images) == before + 1
    assert "cam2" in window.mentor_panel.mining.problems.list.item(0).text()


async def judge(window: MainWindow) -> None:
    """Thirty verdicts by key; every tenth is taken back first, and given again."""
    window.mentor.show()
    view, judging = window.mentor.page.stage.zoomed, window.mentor.judging
    await until(view.view_changed, lambda: view.picture is not None)
    await active(window)
    for number in range(VERDICTS):
        assert judging.current is not None
        standing = judging.current.id
        key = (Key.Key_Return, Key.Key_X, Key.Key_2)[number % 3]
        press(view, key)
        if number % 10 == 9:
            press(view, Key.Key_Backspace)
            assert judging.current.id == standing
            press(view, key)
    assert judging.mentoring is not None
    assert judging.mentoring.decisions == VERDICTS


async def train(window: MainWindow, base: str) -> str:
    """A candidate in the background, with a verdict meanwhile; returns its run."""
    desk, panel = window.mentor.training, window.mentor_panel.training
    panel.epochs.setValue(1)
    press(window.mentor.page.stage.zoomed, Key.Key_M, CONTROL | ALT)
    assert window.training
    press(window.mentor.page.stage.zoomed, Key.Key_Space)
    await until(desk.changed, lambda: desk.candidate is not None, 100)
    assert desk.candidate is not None
    assert desk.candidate.mentoring is not None
    assert desk.candidate.mentoring.base == base
    assert len(desk.candidate.mentoring.verdicts) == VERDICTS
    return desk.candidate.id


async def approve(window: MainWindow) -> None:
    """Look at before and after, then approve with a reason."""
    page = window.mentor.page.candidate
    window.mentor.show_candidate()
    await until(window.mentor.training.compared, lambda: page.figures.rowCount() == 4, 100)
    assert not page.approve.isEnabled()
    QTest.keyClicks(page.who, "A. Huber")
    QTest.keyClicks(page.reason, "fewer false alarms")
    click(page.approve)
    approver = window.mentor.training.approver
    assert approver is not None
    await until(approver.changed, lambda: not approver.busy, 100)


async def export(window: MainWindow, run: str, folder: Path) -> None:
    """The approved run as a bundle, from the table of runs."""
    exporting = window.runs_desk.exporting
    window.runs.choose([run], run)
    window.actions_table.by_key["runs.export"].trigger()
    assert exporting.busy
    await until(exporting.ended, lambda: not exporting.busy, 100)
    assert load_bundle(folder / f"project-{run}").manifest.approval is not None


def test_thirty_verdicts_train_a_candidate_that_is_approved(
    tmp_path: Path,
    folder: Path,
    at_window: Callable[..., None],  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[str] = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a: str(tmp_path))

    async def robot(window: MainWindow) -> None:
        window.settings.second_looks = False  # each of the thirty is another detection
        press(window.gallery.list, Key.Key_H, CONTROL)
        base = await approve_the_run(window)
        await look_through(window, tmp_path / "line")
        await judge(window)
        runs.append(await train(window, base))
        await approve(window)
        assert window.mentor.mining.deployed is not None
        assert window.mentor.mining.deployed.id == runs[0]
        assert window.mentor.training.candidate is None
        await export(window, runs[0], tmp_path)

    at_window(folder, robot)
    with Project.open(folder) as closed:
        approval = closed.state.approvals[runs[0]]
        assert (approval.kind, approval.who, approval.reason) == ("approved", "A. Huber", "fewer false alarms")
        assert {record.status for record in list_runs(closed.runs_folder)} == {"finished"}
        judged = [j for entry in closed.state.images.values() for j in entry.judged]
        assert len(judged) == VERDICTS + 1
