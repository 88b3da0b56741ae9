"""The gallery: filters, order, selection and its pace with many images; thumbnails and their cache."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from defectstudio.domain.events import ImageInfo, Placement
from defectstudio.domain.labels import DEFECTIVE, GOOD, UNLABELLED, Note, Status, Verdict
from defectstudio.domain.state import ImageState
from defectstudio.sessions.session import Session
from defectstudio.ui.counted_box import COUNT
from defectstudio.ui.gallery_model import ANY, Filter, GalleryModel
from defectstudio.ui.panels.gallery import Gallery
from defectstudio.ui.thumbnails import MOST_WAITING, Thumbnails

TAGS = (GOOD, DEFECTIVE, UNLABELLED)


def many(count: int) -> dict[int, ImageState]:
    """Images part00001, part00002...; tags in turn, every fourth in split "test"."""
    return {
        number: ImageState(
            ImageInfo(f"part{number:05d}", "", f"{number:064x}", 10, 10, 1, 8, "0001.h5"),
            Placement("test" if number % 4 == 0 else "train"),
            TAGS[number % 3],
        )
        for number in range(1, count + 1)
    }


def shown(model: GalleryModel) -> list[int]:
    return [model.image_at(row) for row in range(model.rowCount())]


@pytest.fixture
def model(app: QApplication) -> GalleryModel:
    made = GalleryModel()
    made.show_images(many(12), lambda _image: None)
    return made


def test_filters_are_joined_by_and(model: GalleryModel) -> None:
    model.apply(Filter(verdict=Verdict.GOOD.value, split="test"))
    assert shown(model) == [12]
    model.apply(Filter(text="PART0000"))
    assert shown(model) == list(range(1, 10))


def test_sorting_by_score_puts_the_highest_first_and_the_unscored_last(model: GalleryModel) -> None:
    model.show_scores({3: 0.2, 5: 0.9, 7: 0.55})
    model.apply(Filter(order="score"))
    assert shown(model)[:4] == [5, 7, 3, 1]
    model.apply(Filter(order="doubt"))
    assert shown(model)[:4] == [7, 3, 5, 1]


def test_an_image_that_was_taken_back_is_not_shown(app: QApplication) -> None:
    images = many(3)
    images[2] = ImageState(images[2].info, present=False)
    model = GalleryModel()
    model.show_images(images, lambda _image: None)
    assert shown(model) == [1, 3]


def test_screen_readers_hear_name_tag_and_score(model: GalleryModel) -> None:
    model.show_scores({1: 0.25})
    said = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "part00001, Defective, To do, score 0.25"


def test_a_hundred_thousand_images_are_filtered_sorted_and_stepped_through_without_a_pause(
    qtbot: QtBot, app: QApplication
) -> None:
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.resize(300, 800)
    gallery.show()
    gallery.show_images(many(100_000), lambda _image: None)
    app.processEvents()
    started = time.perf_counter()
    for _ in range(50):
        gallery.step(1)
        app.processEvents()
    assert time.perf_counter() - started < 10
    started = time.perf_counter()
    gallery.search.setText("part0999")
    app.processEvents()
    assert time.perf_counter() - started < 6
    assert gallery.model.rowCount() == 10


@pytest.fixture
def gallery(qtbot: QtBot, app: QApplication) -> Gallery:
    made = Gallery()
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.show_images(many(12), lambda _image: None)
    made.show()
    return made


def test_choosing_a_row_names_its_image(gallery: Gallery, qtbot: QtBot) -> None:
    with qtbot.waitSignal(gallery.image_chosen) as chosen:
        gallery.step(0)
    assert chosen.args == [1]


def test_stepping_stops_at_both_ends(gallery: Gallery) -> None:
    gallery.step(0)
    gallery.step(-1)
    assert gallery.current == 1
    gallery.step(99)
    assert gallery.current == 12


def test_the_current_image_stays_current_when_the_order_changes(gallery: Gallery) -> None:
    gallery.select(5)
    gallery.show_scores({image: image / 20 for image in range(1, 13)})
    gallery.order.setCurrentIndex(1)
    assert gallery.current == 5
    assert gallery.model.row_of(5) == 7


def test_the_next_unlabelled_image_is_found_and_the_last_has_none_after_it(gallery: Gallery) -> None:
    gallery.select(3)
    assert gallery.step_to_unlabelled(1)
    assert gallery.current == 5
    gallery.select(12)
    assert not gallery.step_to_unlabelled(1)
    assert gallery.current == 12


def test_typing_letters_into_the_search_field_filters(gallery: Gallery, qtbot: QtBot) -> None:
    qtbot.keyClicks(gallery.search, "part0001")
    assert shown(gallery.model) == [10, 11, 12]
    assert gallery.count.text() == "3 of 12 images"


def test_an_empty_list_says_what_to_do(gallery: Gallery) -> None:
    gallery.search.setText("nothing")
    assert "filters" in gallery._empty.text()
    gallery.show_images({}, lambda _image: None)
    assert "Ctrl+I" in gallery._empty.text()


def test_the_empty_list_leads_out_of_itself(gallery: Gallery, qtbot: QtBot) -> None:
    gallery.search.setText("nothing")
    gallery.status.setCurrentIndex(3)
    gallery.way_out.click()
    assert len(shown(gallery.model)) == 12
    gallery.show_images({}, lambda _image: None)
    with qtbot.waitSignal(gallery.import_requested):
        gallery.way_out.click()


def test_state_of_work_is_a_filter_and_an_order(app: QApplication) -> None:
    states = (Status.DONE, Status.TODO, Status.FLAGGED, Status.IN_WORK)
    images = {image: replace(entry, status=states[image % 4]) for image, entry in many(8).items()}
    model = GalleryModel()
    model.show_images(images, lambda _image: None)
    model.apply(Filter(status=Status.FLAGGED.value))
    assert shown(model) == [2, 6]
    model.apply(Filter(order="status"))
    assert shown(model) == [2, 6, 3, 7, 1, 5, 4, 8]


def test_screen_readers_hear_of_notes_with_the_right_plural(app: QApplication) -> None:
    images = many(2)
    for image in images:
        notes = tuple(Note(number, f"look {number}") for number in range(image))
        images[image] = replace(images[image], notes=notes, status=Status.IN_WORK)
    model = GalleryModel()
    model.show_images(images, lambda _image: None)
    spoken = [model.data(model.index(row), Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert spoken == ["part00001, Defective, In work, 1 note", "part00002, Unlabelled, In work, 2 notes"]
    assert model.data(model.index(1), Qt.ItemDataRole.ToolTipRole) == "part00002\nlook 0\nlook 1"


def test_filters_say_how_many_images_they_would_show_once_opened(gallery: Gallery) -> None:
    gallery.verdict.showPopup()
    seen = [(gallery.verdict.itemText(row), gallery.verdict.itemData(row, COUNT)) for row in range(4)]
    assert seen == [("All tags", 12), ("Good", 4), ("Defective", 4), ("Unlabelled", 4)]
    assert gallery.verdict.view().width() >= gallery.verdict.view().sizeHintForColumn(0)
    gallery.verdict.hidePopup()


def test_no_filter_is_cut_off_at_the_usual_width(gallery: Gallery) -> None:
    for box in (gallery.verdict, gallery.status, gallery.split, gallery.order):
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        room = box.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
        )
        icon = box.iconSize().width() + 4
        widest = max(box.fontMetrics().horizontalAdvance(box.itemText(row)) for row in range(box.count()))
        assert widest + icon <= room.width()


def test_a_split_filter_offers_all_splits_and_survives_new_images(gallery: Gallery) -> None:
    assert [gallery.split.itemData(k) for k in range(gallery.split.count())] == [ANY, "test", "train"]
    gallery.split.setCurrentIndex(1)
    gallery.show_images(many(16), lambda _image: None)
    assert shown(gallery.model) == [4, 8, 12, 16]


@pytest.fixture
def thumbnails_of(app: QApplication) -> Iterator[Callable[..., Thumbnails]]:
    """Makes the thumbnails of a session, and ends their threads."""
    parent, made = QObject(), []

    def make(session: Session, *, write: bool = True) -> Thumbnails:
        project = session.project
        made.append(Thumbnails(project.pixels, project.state.images, project.cache_folder, parent, write=write))
        return made[-1]

    yield make
    for thumbnails in made:
        thumbnails.stop()


def test_a_thumbnail_is_made_once_and_kept_as_a_file(
    session: Session, qtbot: QtBot, thumbnails_of: Callable[..., Thumbnails]
) -> None:
    thumbnails = thumbnails_of(session)
    with qtbot.waitSignal(thumbnails.ready):
        assert thumbnails.get(1) is None
    made = thumbnails.get(1)
    assert made is not None
    assert max(made.width(), made.height()) == 128
    files = list((session.project.cache_folder / "thumbs").glob("*"))
    assert [file.name for file in files] == [f"{session.project.state.images[1].info.sha256[:32]}.png"]


def test_a_stored_thumbnail_is_used_again(
    session: Session, qtbot: QtBot, thumbnails_of: Callable[..., Thumbnails]
) -> None:
    name = session.project.state.images[1].info.sha256[:32]
    folder = session.project.cache_folder / "thumbs"
    folder.mkdir(parents=True)
    marked = QImage(9, 9, QImage.Format.Format_RGB32)
    marked.fill(Qt.GlobalColor.red)
    marked.save(str(folder / f"{name}.png"))
    thumbnails = thumbnails_of(session)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(1)
    made = thumbnails.get(1)
    assert made is not None
    assert made.width() == 9


def test_no_thumbnail_is_written_where_writing_is_not_wanted(
    session: Session, qtbot: QtBot, thumbnails_of: Callable[..., Thumbnails]
) -> None:
    thumbnails = thumbnails_of(session, write=False)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(1)
    assert not (session.project.cache_folder / "thumbs").exists()


def test_rows_scrolled_past_are_forgotten_and_can_be_asked_for_again(
    qtbot: QtBot, app: QApplication, tmp_path: Path
) -> None:
    class Slow:
        def read(self, *_where: object) -> np.ndarray:
            return np.zeros((8, 8), np.uint8)

    parent = QObject()
    count = 3 * MOST_WAITING
    thumbnails = Thumbnails(Slow(), many(count), tmp_path, parent, write=False)
    try:
        for image in range(1, count + 1):
            thumbnails.get(image)
        qtbot.waitUntil(lambda: thumbnails.get(count) is not None, timeout=10_000)
        qtbot.waitUntil(lambda: thumbnails.get(1) is not None, timeout=10_000)
    finally:
        thumbnails.stop()
