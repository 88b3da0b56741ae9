"""Garbage is collected on the main thread, in short steps."""

import gc
import time
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from defectstudio.ui.collector import MOST_AT_ONCE, MainThreadCollector


class Knot:
    """Stands in a cycle, so that only the collector can free it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def collect_on_the_main_thread() -> None:
    """Nothing: here collection itself is looked at."""


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[MainThreadCollector]:
    parent = QObject()
    made = MainThreadCollector(parent)
    yield made
    made.stop()


def test_nothing_is_collected_on_its_own_and_a_look_frees_what_is_due(collector: MainThreadCollector) -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    fill = [[] for _ in range(5000)]
    assert gone() is not None
    collector.look()
    assert gone() is None
    assert len(fill) == 5000


def test_modules_just_loaded_are_put_aside_and_swept_when_a_project_closes(collector: MainThreadCollector) -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    loaded = [[number] for number in range(3 * MOST_AT_ONCE)]
    collector.look()
    assert gc.get_freeze_count() > len(loaded)
    assert gone() is not None
    collector.sweep()
    assert gone() is None


def test_a_look_takes_little_time_however_much_is_loaded(collector: MainThreadCollector) -> None:
    loaded = [[number] for number in range(300_000)]
    collector.look()
    begun = time.thread_time()
    more = [[] for _ in range(2000)]
    collector.look()
    assert time.thread_time() - begun < 0.02
    assert loaded
    assert more


def test_python_collects_again_when_it_stops(qapp: QApplication) -> None:
    parent = QObject()
    made = MainThreadCollector(parent)
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
