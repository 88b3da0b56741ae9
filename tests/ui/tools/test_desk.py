"""The Annotate panel and its desk: regions, classes, the state of the image, notes, and the key that finishes it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from defectstudio.domain.labels import HEALTHY, UNKNOWN, Status, Verdict
from defectstudio.ui.masks import MaskPicture
from tests.ui.tools.conftest import Hand


@pytest.fixture
def drawn(hand: Hand) -> Hand:
    """Two regions on the first image: a scratch above, a dent below."""
    hand.take("box")
    hand.drag((20, 10), (50, 20))
    hand.desk.choose_number(2)
    hand.drag((70, 60), (90, 80))
    hand.desk.choose_number(1)
    surveyed(hand)
    return hand


def surveyed(hand: Hand) -> None:
    surveyor = hand.desk._surveyor
    assert surveyor is not None
    with hand.qtbot.waitSignal(surveyor.surveyed, timeout=20_000):
        pass


def listed(hand: Hand) -> list[str]:
    rows = hand.desk.panel.regions.list
    return [f"{rows.item(k).text()} {rows.item(k).toolTip()}" for k in range(rows.count())]


def test_the_list_says_class_area_box_and_origin_of_each_region(drawn: Hand) -> None:
    assert listed(drawn) == ["dent 400 px · 20 × 20 · drawn", "scratch 300 px · 30 × 10 · drawn"]


def test_a_click_in_the_list_finds_the_region_and_selects_it(drawn: Hand) -> None:
    rows = drawn.desk.panel.regions.list
    rows.itemClicked.emit(rows.item(0))
    chosen = drawn.easel.selection
    assert chosen is not None
    assert (chosen.index, chosen.patch.area) == (2, 400)
    assert isinstance(drawn.viewer.selection, MaskPicture)


def test_a_click_on_a_region_selects_its_row_and_one_beside_it_nothing(drawn: Hand) -> None:
    drawn.take("select")
    drawn.click(30, 15)
    assert drawn.desk.panel.regions.list.currentRow() == 1
    drawn.click(5, 85)
    assert drawn.easel.selection is None
    assert drawn.desk.panel.regions.list.currentRow() == -1


def test_a_region_is_moved_by_dragging_and_stays_selected(drawn: Hand) -> None:
    drawn.take("select")
    drawn.drag((30, 15), (35, 20), (45, 35))
    assert drawn.map[35, 45] == 1
    assert drawn.map[12, 22] == UNKNOWN
    assert drawn.steps[-1] == "move region"
    assert drawn.easel.selection is not None
    drawn.bench.session.undo()
    assert drawn.map[12, 22] == 1


def test_a_digit_changes_the_class_of_the_selected_region(drawn: Hand) -> None:
    drawn.take("select")
    drawn.click(30, 15)
    drawn.desk.choose_number(2)
    assert drawn.map[15, 30] == 2
    assert drawn.steps[-1] == "change region to dent"
    assert drawn.easel.selection is not None
    assert drawn.easel.selection.index == 2


def test_deleting_a_region_and_taking_that_back(drawn: Hand) -> None:
    drawn.take("select")
    drawn.click(30, 15)
    drawn.desk.delete_region()
    assert drawn.map[15, 30] == UNKNOWN
    assert not drawn.desk.has_selection
    drawn.bench.session.undo()
    assert drawn.map[15, 30] == 1


@pytest.mark.parametrize(("how", "larger"), [("grow", True), ("shrink", False)])
def test_a_selected_region_grows_and_shrinks_by_the_step(drawn: Hand, how: str, larger: bool) -> None:
    drawn.take("select", step=2)
    drawn.click(30, 15)
    drawn.desk.transform_region(how)  # type: ignore[arg-type]
    assert bool((drawn.map == 1).sum() > 300) is larger
    assert drawn.easel.selection is not None
    assert drawn.easel.selection.patch.area == (drawn.map == 1).sum()


def test_undo_of_the_stroke_lets_go_of_its_selection(drawn: Hand) -> None:
    drawn.take("select")
    drawn.click(80, 70)
    drawn.bench.session.undo()
    assert drawn.easel.selection is None
    assert drawn.viewer.selection is None


def test_how_much_is_unknown_is_said_and_one_press_completes_the_image(drawn: Hand) -> None:
    image = drawn.desk.panel.image
    assert "94 % of the image is unknown" in image.known.text()
    image.turn.click()
    assert set(drawn.map.ravel()) == {HEALTHY, 1, 2}
    surveyed(drawn)
    assert "Complete" in image.known.text()
    image.turn.click()
    assert drawn.map[0, 0] == UNKNOWN
    drawn.desk.complete()
    assert drawn.steps[-3:] == ["mark the rest healthy", "mark the rest unknown", "mark the rest healthy"]


def test_an_image_without_labels_says_what_to_do_next(hand: Hand) -> None:
    surveyed(hand)
    panel = hand.desk.panel
    assert "G says it is good" in panel.image.known.text()
    assert not panel.image.turn.isVisibleTo(panel)
    assert "Press B" in panel.regions.hint.text()
    assert not panel.regions.list.isVisibleTo(panel)


def test_a_good_image_needs_no_completing(hand: Hand) -> None:
    hand.choose(3)
    surveyed(hand)
    assert "all of it is healthy" in hand.desk.panel.image.known.text()


def test_finishing_completes_and_marks_the_image_and_goes_on_with_the_same_tool(drawn: Hand) -> None:
    drawn.desk.gallery.select(1)
    drawn.take("polygon")
    for corner in ((5, 5), (15, 5), (15, 15)):
        drawn.click(*corner)
    drawn.desk.finish_image()
    assert drawn.bench.images[1].status is Status.DONE
    first = drawn.bench.project.state.label_map(1)
    assert first is not None
    assert not (first == UNKNOWN).any()
    assert first[6, 12] == 1
    assert drawn.bench.current == 2
    assert drawn.toolbox.tool.key == "polygon"


def test_finishing_waits_for_the_answer_of_a_clever_tool(hand: Hand) -> None:
    hand.desk.gallery.select(1)
    hand.take("wand", tolerance=0.15)
    hand.click(75, 40)
    hand.desk.finish_image()
    hand.qtbot.waitUntil(lambda: hand.bench.current == 2, timeout=20_000)
    first = hand.bench.project.state.label_map(1)
    assert first is not None
    assert (first == 1).sum() == 600
    assert hand.bench.images[1].status is Status.DONE


def test_an_image_without_a_verdict_is_not_finished(hand: Hand) -> None:
    hand.desk.guarded(hand.desk.finish_image)()
    assert "good" in str(hand.failures.pop())
    assert hand.bench.images[1].status is Status.TODO
    hand.bench.tag([1], Verdict.GOOD)
    hand.desk.gallery.select(1)
    hand.desk.finish_image()
    assert hand.bench.images[1].status is Status.DONE


def test_the_status_is_chosen_in_the_panel_and_shown_there(hand: Hand) -> None:
    box = hand.desk.panel.image.status
    box.setCurrentIndex(box.findData(Status.FLAGGED))
    box.activated.emit(box.currentIndex())
    assert hand.bench.images[1].status is Status.FLAGGED
    hand.desk.toggle_flag()
    assert box.currentData() == Status.IN_WORK


def test_copying_takes_the_defects_of_the_image_before(drawn: Hand) -> None:
    drawn.choose(2)
    drawn.desk.copy_previous()
    assert drawn.map[15, 30] == 1
    assert drawn.map[70, 80] == 2


def test_a_note_is_written_at_the_spot_under_the_cursor_and_pinned_there(hand: Hand) -> None:
    hand.desk.write_note()
    notes = hand.desk.panel.notes
    QTest.keyClicks(notes.line, "is this dirt?")
    QTest.keyClick(notes.line, Qt.Key.Key_Return)
    hand.desk._add_note("scratch or hair", (40, 75))
    entry = hand.bench.entry
    assert entry is not None
    assert [(note.text, note.at) for note in entry.notes] == [("is this dirt?", None), ("scratch or hair", (40, 75))]
    pinned: list[int] = []
    hand.viewer.note_clicked.connect(pinned.append)
    spot = hand.at(75.5, 40.5).toPoint() - QPoint(0, 12)
    QTest.mouseClick(hand.viewer, Qt.MouseButton.LeftButton, pos=spot)
    assert pinned == [2]
    assert notes.list.currentRow() == 1
    notes.remove.click()
    assert len(hand.bench.entry.notes) == 1  # type: ignore[union-attr]


def test_a_note_half_written_is_kept_when_the_next_image_comes(hand: Hand) -> None:
    QTest.keyClicks(hand.desk.panel.notes.line, "look again")
    hand.choose(2)
    assert [note.text for note in hand.bench.images[1].notes] == ["look again"]
    assert hand.desk.panel.notes.line.text() == ""


def test_classes_are_added_and_renamed_in_the_list(hand: Hand) -> None:
    section = hand.desk.panel.classes
    section.add.click()
    assert [one.name for one in hand.easel.classes.values()] == ["scratch", "dent", "defect"]
    assert hand.easel.value == 3
    section.list.item(2).setText("stain")
    assert hand.easel.classes[3].name == "stain"
    section.list.item(2).setText("dent")
    assert "dent" in str(hand.failures.pop())
    assert section.list.item(2).text() == "stain"


def answer(hand: Hand, text: str) -> str:
    question = hand.desk.classes.question
    assert isinstance(question, QMessageBox)
    default = question.defaultButton()
    assert default is question.button(QMessageBox.StandardButton.Cancel)
    said = question.informativeText()
    next(b for b in question.findChildren(QPushButton) if text in b.text()).click()
    return said


def test_deleting_a_class_says_what_changes_and_asks_first(drawn: Hand) -> None:
    drawn.desk.classes.ask_delete(2)
    assert "1 images, 400 pixels become unknown" in answer(drawn, "Cancel")
    assert 2 in drawn.easel.classes
    drawn.desk.classes.ask_delete(2)
    answer(drawn, "Delete")
    assert 2 not in drawn.easel.classes
    assert drawn.map[70, 80] == UNKNOWN
    drawn.bench.session.undo()
    assert drawn.map[70, 80] == 2
    assert drawn.desk.panel.classes.list.item(1).text() == "dent"


def test_merging_turns_one_class_into_another(drawn: Hand) -> None:
    drawn.desk.classes.ask_merge(2, 1)
    answer(drawn, "Merge")
    assert drawn.map[70, 80] == 1
    assert sorted(drawn.easel.classes) == [1]


def test_choosing_a_row_chooses_what_is_painted(hand: Hand) -> None:
    rows = hand.desk.panel.classes.list
    rows.setCurrentRow(1)
    assert hand.easel.value == 2
    rows.setCurrentRow(3)
    assert hand.easel.value == UNKNOWN
    hand.desk.choose_number(1)
    assert rows.currentRow() == 0


def test_the_panel_shows_the_options_of_the_tool_and_changes_them(hand: Hand) -> None:
    tools = hand.desk.panel.tools
    hand.take("brush", size=33)
    assert tools.size_field.value() == 33
    assert tools.size_field.isVisibleTo(tools)
    assert not tools.tolerance_field.isVisibleTo(tools)
    tools.size_field.setValue(40)
    assert hand.easel.options.size == 40
    hand.take("wand")
    tools.tolerance_field.setValue(25)
    assert hand.easel.options.tolerance == 0.25
    assert not tools.size_field.isVisibleTo(tools)


def test_taking_back_a_step_on_another_image_leads_there(drawn: Hand) -> None:
    drawn.desk.gallery.select(2)
    assert drawn.bench.current == 2
    drawn.bench.session.undo()
    assert drawn.bench.current == 1


def test_a_project_open_for_reading_only_offers_no_drawing_and_says_why(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand.bench.project, "readonly", True)
    hand.desk.close()
    hand.desk.open(hand.bench)
    assert not hand.desk.can_draw
    assert "reading only" in hand.desk.panel.tools.hint.text()
    hand.desk.choose_tool("brush")
    hand.drag((20, 20), (60, 20))
    assert hand.steps == []
    assert "reading only" in str(hand.failures.pop())
    assert not hand.desk.panel.classes.add.isEnabled()
    assert not hand.desk.panel.image.status.isEnabled()
