"""Whatever a person does, and whenever the program dies: disk == memory == fold of the events."""

import itertools
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defectstudio.data.check import check
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import ClassChanged, ImageAdded, ImageInfo, Painted, Placed, Placement, Tagged
from defectstudio.domain.labels import (
    DEFECTIVE,
    GOOD,
    HEALTHY,
    UNKNOWN,
    UNLABELLED,
    Box,
    DefectClass,
    ImageTag,
    Origin,
    Status,
    encode_runs,
    unknown_map,
)
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.painting.shapes import ellipse, polygon, rectangle, segment
from defectstudio.sessions.session import Session

SIZES = {1: (40, 30), 2: (40, 30), 3: (24, 52), 4: (1030, 20)}  # the last is two tiles high
IMPORT = "import 4 images"


def make_project(folder: Path) -> None:
    """Four images: a good one, one fully drawn with a defect, one tagged only, one of which nothing is known."""
    drawn = np.zeros(SIZES[2], np.uint8)
    drawn[5:12, 6:20] = 1
    before = encode_runs(unknown_map(*drawn.shape))
    with Project.create(folder) as project:
        Session(project).record(
            IMPORT,
            [
                ClassChanged(1, None, DefectClass(1, "scratch", "#E69F00")),
                ClassChanged(2, None, DefectClass(2, "pit", "#56B4E9")),
                *(ImageAdded(i, ImageInfo(f"part{i}", "", "", *size, 1, 8, "none")) for i, size in SIZES.items()),
                *(Placed(i, Placement(), Placement("train", "tile" if i < 3 else "")) for i in SIZES),
                Tagged(1, UNLABELLED, GOOD, Origin.IMPORTED),
                Tagged(2, UNLABELLED, ImageTag(DEFECTIVE.verdict, (1,)), Origin.IMPORTED),
                Tagged(3, UNLABELLED, DEFECTIVE, Origin.IMPORTED),
                Painted(2, Box(0, 0, *drawn.shape), before, encode_runs(drawn), Origin.IMPORTED),
            ],
        )


def picture(project: Project) -> tuple[object, ...]:
    """All that the events say, apart from the files they name."""
    state = project.state
    maps = {i: m.tobytes() for i in state.images if (m := state.label_map(i)) is not None and (m != UNKNOWN).any()}
    return dict(state.images), maps, dict(state.classes), dict(state.segmented), dict(state.runs)


class Person:
    """Works on a project and does what a step says; `look` holds the label map of the image on the screen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open(folder)

    def open(self, folder: Path) -> None:
        self.folder = folder
        self.session = Session(Project.open(folder))
        self.annotator = Annotator(self.session)
        self.look = self.session.project.state.label_map(1)

    def do(self, step: tuple[object, ...]) -> None:
        """One step; one that makes no sense must be refused and change nothing."""
        project = self.session.project
        before, last = picture(project), project.journal.last_event
        try:
            getattr(self, str(step[0]))(*step[1:])
        except DefectStudioError:
            assert picture(project) == before
            assert project.journal.last_event == last

    def paint(self, image: int, shape: Callable[..., object], at: tuple[float, ...], value: int, protect: bool) -> None:
        patch = shape(at[:2], at[2:], SIZES[image])
        if patch is not None:
            self.annotator.paint(image, patch, value, name="paint", protect=protect)

    def stroke(self, image: int, path: list[tuple[float, float]], radius: float, value: int, end: str) -> None:
        live = self.annotator.begin_stroke(image, value, protect=radius > 2)
        for start, stop in itertools.pairwise(path):
            patch = segment(start, stop, radius, SIZES[image])
            if patch is not None:
                live.add(patch)
        if end == "kill":
            self.kill()
        elif end == "cancel":
            live.cancel()
        else:
            live.commit("paint")

    def region(self, image: int, number: int, what: str, amount: int) -> None:
        regions = self.annotator.regions(image)
        if not regions:
            return
        place = (image, *regions[number % len(regions)].seed)
        match what:
            case "delete":
                self.annotator.delete_region(*place)
            case "move":
                self.annotator.move_region(*place, amount * 2, -amount)
            case "recolor":
                self.annotator.recolor_region(*place, amount)
            case _:
                self.annotator.transform_region(*place, what, amount)  # type: ignore[arg-type]

    def tag(self, image: int, tag: ImageTag) -> None:
        self.session.tag([image], tag)

    def place(self, image: int, split: str) -> None:
        self.session.place([image], split)

    def mark(self, image: int, status: Status) -> None:
        self.annotator.set_status([image, 1 + image % 4], status)

    def note(self, image: int, number: int, text: str) -> None:
        notes = self.session.project.state.images[image].notes
        if number > len(notes):
            self.annotator.add_note(image, text, at=(number, number) if number % 2 else None)
        elif text:
            self.annotator.change_note(image, notes[number - 1].number, text)
        else:
            self.annotator.remove_note(image, notes[number - 1].number)

    def extent(self, image: int, what: str) -> None:
        match what:
            case "complete":
                self.annotator.complete([image, 3])
            case "partial":
                self.annotator.partial(image)
            case _:
                self.annotator.copy_from(2, image)

    def classes(self, what: str, index: int, name: str) -> None:
        match what:
            case "add":
                self.annotator.add_class(name)
            case "rename":
                self.annotator.rename_class(index, name)
            case "recolor":
                self.annotator.recolor_class(index, f"#00000{index}")
            case "merge":
                self.annotator.merge_class(index, 1 + index % 3)
            case _:
                self.annotator.delete_class(index)

    def switch(self, image: int) -> None:
        self.look = self.session.project.state.label_map(image)

    def undo(self) -> None:
        if self.session.undo_name != IMPORT:
            self.session.undo()

    def redo(self) -> None:
        self.session.redo()

    def close(self) -> None:
        now = picture(self.session.project)
        self.session.project.close()
        self.open(self.folder)
        assert picture(self.session.project) == now

    def kill(self) -> None:
        """Go on with what lies on disk at this moment, as after kill -9: nothing is closed or written before."""
        after = self.folder.with_name(self.folder.name + "'")
        after.mkdir()
        for name in ("project.db", "project.db-wal"):
            shutil.copy(self.folder / name, after / name)
        self.session.project.close()
        self.open(after)


IMAGES = st.sampled_from(list(SIZES))
VALUES = st.sampled_from([HEALTHY, 1, 2, 3, UNKNOWN])
COORDINATES = st.integers(-8, 120).map(lambda n: n / 2)
POINTS = st.tuples(COORDINATES, COORDINATES)
CORNERS = st.tuples(COORDINATES, COORDINATES, COORDINATES, COORDINATES)
TAGS = st.sampled_from([GOOD, DEFECTIVE, UNLABELLED, ImageTag(DEFECTIVE.verdict, (1, 2))])
REGION = st.sampled_from(["delete", "move", "recolor", "grow", "shrink", "smooth", "fill_holes"])


def triangle(start: tuple[float, float], end: tuple[float, float], shape: tuple[int, int]) -> object:
    return polygon([start, end, (start[0], end[1] + 9)], shape)


EDITS = [
    st.tuples(
        st.just("paint"), IMAGES, st.sampled_from([rectangle, ellipse, triangle]), CORNERS, VALUES, st.booleans()
    ),
    st.tuples(
        st.just("stroke"),
        IMAGES,
        st.lists(POINTS, min_size=2, max_size=5),
        st.sampled_from([0.5, 1.5, 4.0]),
        VALUES,
        st.sampled_from(["commit", "commit", "commit", "cancel", "kill"]),
    ),
    st.tuples(st.just("region"), IMAGES, st.integers(0, 5), REGION, st.integers(1, 3)),
    st.tuples(st.just("tag"), IMAGES, TAGS),
    st.tuples(st.just("place"), IMAGES, st.sampled_from(["train", "test", ""])),
    st.tuples(st.just("mark"), IMAGES, st.sampled_from(list(Status))),
    st.tuples(st.just("note"), IMAGES, st.integers(1, 3), st.sampled_from(["", "a", "b"])),
    st.tuples(st.just("extent"), IMAGES, st.sampled_from(["complete", "partial", "copy"])),
    st.tuples(
        st.just("classes"),
        st.sampled_from(["add", "rename", "recolor", "merge", "delete"]),
        st.integers(1, 3),
        st.sampled_from(["pit", "dent", "stain"]),
    ),
]
TRIPS = [
    st.just(("undo",)),
    st.just(("undo",)),
    st.just(("redo",)),
    st.just(("redo",)),
    st.tuples(st.just("switch"), IMAGES),
    st.just(("close",)),
    st.just(("kill",)),
]
SEQUENCES = st.lists(st.one_of(*EDITS, *EDITS[:3], *TRIPS), min_size=1, max_size=14)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("any") / "project"
    make_project(folder)
    return folder


def play(imported: Path, steps: list[tuple[object, ...]]) -> None:
    """Do the steps, with label maps leaving memory as soon as nobody looks at them, and compare all that must agree."""
    with tempfile.TemporaryDirectory() as root, mock.patch("defectstudio.data.journal.MAPS_IN_MEMORY", 1):
        folder = Path(root) / "project"
        shutil.copytree(imported, folder)
        person = Person(folder)
        start = picture(person.session.project)
        for step in steps:
            person.do(step)
        session = person.session
        now = picture(session.project)
        with Project.open(person.folder, readonly=True) as reader:
            assert picture(reader) == now
        if session.undo_name != IMPORT:
            session.undo()
            session.redo()
            assert picture(session.project) == now
        while session.undo_name != IMPORT:
            session.undo()
        assert picture(session.project) == start
        while session.redo():
            pass
        session.project.close()
        assert finish(check(person.folder, CancelToken())).problems == []


ANY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}


@settings(max_examples=60, **ANY)
@given(SEQUENCES)
def test_after_any_sequence_disk_memory_and_events_agree_and_undo_leads_back_to_the_start(
    imported: Path, steps: list[tuple[object, ...]]
) -> None:
    play(imported, steps)


@pytest.mark.slow
@settings(max_examples=1000, **ANY)
@given(SEQUENCES)
def test_after_a_thousand_sequences_disk_memory_and_events_agree(
    imported: Path, steps: list[tuple[object, ...]]
) -> None:
    play(imported, steps)
