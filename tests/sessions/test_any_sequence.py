"""Whatever a person does, and whenever the program dies: disk == memory == fold of the events."""

import itertools
import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from defectstudio.data.check import check
from defectstudio.data.maps import from_tiles
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
from defectstudio.sessions.selection import Selection
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
        self.switch(1)

    def do(self, step: tuple[object, ...]) -> None:
        """One step; one that makes no sense must be refused and change nothing."""
        project = self.session.project
        before, last = picture(project), project.journal.last_event
        try:
            getattr(self, str(step[0]))(*step[1:])
        except DefectStudioError:
            assert picture(project) == before
            assert project.journal.last_event == last
        self.same_on_disk()

    def same_on_disk(self) -> None:
        """What is on the screen is what is on disk."""
        project = self.session.project
        seen = project.state.label_map(self.image)
        tiles = project.journal.tiles(self.image)
        assert seen is None or np.array_equal(seen, from_tiles(SIZES[self.image], tiles))

    def paint(self, image: int, shape: Callable[..., object], at: tuple[float, ...], value: int, protect: bool) -> None:
        self.switch(image)
        patch = shape(pixel(image, *at[:2]), pixel(image, *at[2:]), SIZES[image])
        if patch is not None:
            self.annotator.paint(image, patch, value, name="paint", protect=protect)

    def stroke(self, image: int, path: list[tuple[float, float]], radius: float, value: int, end: str) -> None:
        self.switch(image)
        live = self.annotator.begin_stroke(image, value, protect=radius > 2)
        for start, stop in itertools.pairwise(path):
            patch = segment(pixel(image, *start), pixel(image, *stop), radius, SIZES[image])
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

    def queue(self, image: int, what: str, place: int) -> None:
        selection = Selection(self.session)
        match what:
            case "skip":
                selection.skip([image], forever=place > 1, reason="why not")
            case "reorder":
                selection.reorder(image, place)
            case _:
                getattr(selection, what)([image])

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
        self.image = image
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


def pixel(image: int, x: float, y: float) -> tuple[float, float]:
    """A point given in parts of the image; on the tall one, in parts of its end, where its two tiles meet."""
    height, width = SIZES[image]
    return x * width, max(0, height - 40) + y * min(height, 40)


TAGS = (GOOD, DEFECTIVE, UNLABELLED, ImageTag(DEFECTIVE.verdict, (1, 2)))
REGION = ("delete", "move", "recolor", "grow", "shrink", "smooth", "fill_holes")
VALUES = (1, 1, 2, 2, HEALTHY, UNKNOWN, 3)  # there is no class 3 at first
ENDS = ("commit", "commit", "commit", "cancel", "kill")
KINDS = {
    **{"paint": 6, "stroke": 6, "region": 4, "tag": 2, "place": 1, "mark": 1, "note": 2, "extent": 2, "classes": 2},
    "queue": 3,
    **{"undo": 5, "redo": 3, "switch": 2, "close": 1, "kill": 1},
}


def triangle(start: tuple[float, float], end: tuple[float, float], shape: tuple[int, int]) -> object:
    return polygon([start, end, (start[0], end[1] + 9)], shape)


def steps_of(seed: int) -> list[tuple[object, ...]]:
    """6 to 16 steps; drawn evenly, where hypothesis itself would repeat small ones that change nothing."""
    chance = random.Random(seed)
    kinds = chance.choices(list(KINDS), list(KINDS.values()), k=chance.randint(6, 16))
    return [(kind, *details(kind, chance)) for kind in kinds]


def details(kind: str, chance: random.Random) -> tuple[object, ...]:
    image, value, pick = chance.choice(list(SIZES)), chance.choice(VALUES), chance.choice

    def point() -> tuple[float, float]:
        return chance.uniform(-0.1, 1.1), chance.uniform(-0.1, 1.1)

    match kind:
        case "paint":
            return image, pick((rectangle, ellipse, triangle)), (*point(), *point()), value, pick((True, False))
        case "stroke":
            path = [point() for _ in range(chance.randint(2, 5))]
            return image, path, pick((0.5, 1.5, 4.0)), value, pick(ENDS)
        case "region":
            return image, chance.randint(0, 5), pick(REGION), chance.randint(1, 3)
        case "tag":
            return image, pick(TAGS)
        case "queue":
            return image, pick(("pin", "skip", "unmark", "reorder", "confirm")), chance.randint(0, 3)
        case "place":
            return image, pick(("train", "test", ""))
        case "mark":
            return image, pick(list(Status))
        case "note":
            return image, chance.randint(1, 3), pick(("", "a", "b"))
        case "extent":
            return image, pick(("complete", "partial", "copy"))
        case "classes":
            what = pick(("add", "rename", "recolor", "merge", "delete"))
            return what, chance.randint(1, 3), pick(("pit", "dent", "stain"))
        case "switch":
            return (image,)
    return ()


SEQUENCES = st.integers(0, 2**63).map(steps_of)


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


# No shrinking: a seed that is smaller gives steps that are not simpler.
ANY = {"deadline": None, "phases": [Phase.explicit, Phase.reuse, Phase.generate]}


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
