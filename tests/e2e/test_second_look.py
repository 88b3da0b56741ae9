"""A robot at the real window: a page of the book is written while judging, a tag and a verdict are asked again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from defectstudio.app.agreement import agreement_job
from defectstudio.app.second_looks import ALONE
from defectstudio.data.check import check
from defectstudio.data.project import Project
from defectstudio.domain.labels import Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.ui.main_window import MainWindow
from tests.e2e.test_window import at_window  # noqa: F401 - a fixture
from tests.made_detections import make_project
from tests.ui.conftest import own_settings  # noqa: F401 - a fixture
from tests.ui.robot import active, press, until

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TAGGED = 8


async def tag(window: MainWindow) -> None:
    """Eight images tagged by keys, one after the other."""
    for number in range(TAGGED):
        press(window.gallery.list, Key.Key_X if number % 2 else Key.Key_G)
        press(window.gallery.list, Key.Key_Right)


async def look_again(window: MainWindow) -> None:
    """The other answer than before, then back to the image."""
    press(window.gallery.list, Key.Key_G, CONTROL | SHIFT)
    look = window.look
    await until(look.page.view.view_changed, lambda: look.page.view.picture is not None)
    assert window.bench is not None
    while look.due:
        was = window.bench.images[look.due[0]].tag.verdict
        press(look.page.view, Key.Key_G if was is Verdict.DEFECTIVE else Key.Key_X)
    press(look.page.view, Key.Key_Escape)


async def write_the_book(window: MainWindow) -> None:
    """The definition, and the detection in question as exemplar."""
    view = window.mentor.page.stage.zoomed
    press(view, Key.Key_K, CONTROL | SHIFT)
    QTest.keyClicks(window.book.panel.definition, "Dark and round.")
    press(view, Key.Key_E, CONTROL | SHIFT)


async def judge(window: MainWindow) -> None:
    """Confirm until a verdict comes again, and reject that one."""
    judging, view = window.mentor.judging, window.mentor.page.stage.zoomed
    assert judging.mentoring is not None
    while judging.mentoring.asked_again is None:
        press(view, Key.Key_Return)
    press(view, Key.Key_X)


def test_what_is_asked_again_is_found_by_the_agreement_and_the_book_is_kept(
    tmp_path: Path,
    at_window: Callable[..., None],  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("defectstudio.ui.mentor_desk.SHARE", 1.0)
    folder = make_project(tmp_path, images=9)

    async def robot(window: MainWindow) -> None:
        await active(window)
        await tag(window)
        await look_again(window)
        press(window.gallery.list, Key.Key_H, CONTROL)
        view = window.mentor.page.stage.zoomed
        await until(view.view_changed, lambda: view.picture is not None)
        await write_the_book(window)
        await judge(window)

    at_window(folder, robot)
    with Project.open(folder, readonly=True) as project:
        assert project.state.definitions == {1: "Dark and round."}
        assert [(e.kind, e.source) for e in project.state.book.values()] == [("exemplar", "detection")]
        found = finish(agreement_job(project)(CancelToken()))
    assert sorted((one.kind, *sorted(one.versions)) for one in found.contested) == [
        ("tag asked twice", "defective", "good"),
        ("verdict asked twice", "confirmed (spot)", "rejected"),
    ]
    assert {r.kind: (r.by.endswith(ALONE), r.count, r.share) for r in found.rated} == {
        "tag asked twice": (True, 1, 0.0),
        "verdict asked twice": (True, 1, 0.0),
    }
    assert finish(check(folder, CancelToken())).whole
