import threading
from collections.abc import Iterator

import numpy as np
import pytest

from defectstudio.domain.errors import Cancelled
from defectstudio.domain.geometry import bounding_box, changed_box, fit_within
from defectstudio.domain.labels import Box
from defectstudio.domain.progress import CancelToken, Progress, finish


def test_the_changed_box_is_the_smallest_that_holds_every_difference() -> None:
    before = np.zeros((9, 9), np.uint8)
    after = before.copy()
    after[2, 3] = after[6, 7] = 1
    assert changed_box(before, after) == Box(2, 3, 7, 8)
    assert changed_box(before, before) is None
    assert bounding_box(np.zeros((0, 0), bool)) is None


def test_fit_within_keeps_the_aspect_and_never_enlarges() -> None:
    assert fit_within(1000, 500, 100) == (100, 50)
    assert fit_within(20, 10, 100) == (20, 10)
    assert fit_within(20000, 1, 100) == (100, 1)


def test_a_job_hands_back_its_result_and_stops_when_asked() -> None:
    def job(token: CancelToken) -> Iterator[Progress]:
        for step in range(3):
            token.check()
            yield Progress(step, 3)
        return "done"

    seen: list[int] = []
    assert finish(job(CancelToken()), lambda progress: seen.append(progress.done)) == "done"
    assert seen == [0, 1, 2]
    token = CancelToken()
    with pytest.raises(Cancelled):
        finish(job(token), lambda progress: token.cancel())


@pytest.mark.parametrize(("end", "expected", "cancelled"), [("resume", [0, 1, 2], 0), ("cancel", [0], 1)])
def test_a_paused_job_waits_until_it_is_resumed_or_cancelled(end: str, expected: list[int], cancelled: int) -> None:
    token, first = CancelToken(), threading.Event()
    steps: list[int] = []
    errors: list[Cancelled] = []

    def job() -> Iterator[Progress]:
        for step in range(3):
            token.check()
            steps.append(step)
            yield Progress(step, 3)

    def pause_once(_progress: Progress) -> None:
        if not first.is_set():
            token.pause()
            first.set()

    def run() -> None:
        try:
            finish(job(), pause_once)
        except Cancelled as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert first.wait(10)
    thread.join(0.05)
    assert thread.is_alive()
    assert token.paused
    assert steps == [0]
    getattr(token, end)()
    thread.join(10)
    assert steps == expected
    assert len(errors) == cancelled
