"""Annotation of one project at the screen: joins the tools, the Annotate panel, the viewer and the annotator.

Wishes of the panel and of the action table come in as methods, gestures go out through `sessions.annotation`; what a
gesture changed comes back by `recorded` like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import ClassChanged, Painted
from defectstudio.domain.labels import ImageId, Status, Verdict
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.origins import Origins
from defectstudio.sessions.session import Change
from defectstudio.ui.class_desk import ClassDesk
from defectstudio.ui.panels.annotate import AnnotatePanel
from defectstudio.ui.panels.gallery import Gallery
from defectstudio.ui.survey import MOST_REGIONS, Survey, Surveyor
from defectstudio.ui.tools.easel import Easel
from defectstudio.ui.tools.select import found_again, region_of
from defectstudio.ui.tools.toolbox import ToolBox
from defectstudio.ui.translations import said
from defectstudio.ui.viewer import Reading, Viewer
from defectstudio.ui.workbench import Workbench

How = Literal["grow", "shrink", "smooth", "fill_holes"]


class AnnotateDesk(QObject):
    """Lives as long as the window; works on the project that is open."""

    said = Signal(str)
    """A passing remark for the status bar."""
    failed = Signal(object)
    changed = Signal()
    """Facts that the action table asks for have changed."""

    def __init__(self, viewer: Viewer, panel: AnnotatePanel, gallery: Gallery, parent: QObject) -> None:
        super().__init__(parent)
        self.viewer, self.panel, self.gallery = viewer, panel, gallery
        self.easel = Easel(viewer, self)
        self.toolbox = ToolBox(self.easel)
        self.classes = ClassDesk(self.easel, panel.classes, self)
        self.bench: Workbench | None = None
        self._surveyor: Surveyor | None = None
        self._survey: Survey | None = None
        self._origins: Origins | None = None
        self._reading: Reading | None = None
        self._finishing = False
        self.step_on: Callable[[], bool] = lambda: False
        viewer.hand = self.toolbox
        self._connect()
        self._show_tool()
        self.panel.tools.show_options(self.easel.options)

    def _connect(self) -> None:
        panel, easel = self.panel, self.easel
        easel.failed.connect(self.failed)
        easel.options_changed.connect(panel.tools.show_options)
        easel.value_changed.connect(panel.classes.show_value)
        easel.selection_changed.connect(self._selection_changed)
        easel.busy_changed.connect(self._busy_changed)
        for signal in (easel.options_changed, easel.value_changed, self.toolbox.pending_changed):
            signal.connect(self.changed)
        self.toolbox.tool_changed.connect(self._show_tool)
        self.classes.failed.connect(self.failed)
        panel.tools.option_changed.connect(lambda key, value: easel.change(**{key: value}))
        panel.image.status_wanted.connect(self.guarded(self.set_status))
        panel.image.complete_wanted.connect(self.guarded(self.complete))
        panel.image.partial_wanted.connect(self.guarded(self.partial))
        panel.regions.region_chosen.connect(self.guarded(self.find_region))
        panel.notes.added.connect(self.guarded(self._add_note))
        panel.notes.changed.connect(self.guarded(lambda n, text: self.annotator.change_note(easel.image, n, text)))
        panel.notes.removed.connect(self.guarded(lambda n: self.annotator.remove_note(easel.image, n)))
        panel.notes.chosen.connect(self.find_note)
        for done in (panel.notes.done, panel.classes.done):
            done.connect(self.viewer.setFocus)
        self.viewer.note_clicked.connect(panel.notes.show_chosen)
        self.viewer.hovered.connect(self._remember_reading)

    def guarded(self, work: Callable[..., object]) -> Callable[..., None]:
        """The same call with errors told instead of raised."""

        def call(*arguments: object) -> None:
            try:
                work(*arguments)
            except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
                self.failed.emit(error)

        return call

    # The project.

    def open(self, bench: Workbench) -> None:
        """Work on a project from now on."""
        self.bench = bench
        self.easel.open(bench, Annotator(bench.session))
        self._origins = Origins(bench.project.journal)
        self._surveyor = Surveyor(self, lambda: self.viewer.in_hand)
        self._surveyor.surveyed.connect(self._surveyed)
        self._surveyor.failed.connect(self.failed)
        bench.choosing.connect(self._leave_image)
        bench.recorded.connect(self._recorded)
        bench.labels_ready.connect(self._image_shown)
        if not self.easel.writable:
            self.toolbox.choose("select")
        self._show_tool()
        self.classes.show()
        self._show_image()

    def close(self) -> None:
        """Commit what is begun and let go of the project."""
        if self.bench is None or self._surveyor is None:
            return
        self._leave_image()
        bench, surveyor, self.bench, self._surveyor = self.bench, self._surveyor, None, None
        surveyor.stop()
        surveyor.deleteLater()
        for signal, slot in (
            (bench.choosing, self._leave_image),
            (bench.recorded, self._recorded),
            (bench.labels_ready, self._image_shown),
        ):
            signal.disconnect(slot)
        self.easel.close()
        self._survey = self._origins = None
        self._finishing = False
        self.classes.show()
        self._show_image()

    @property
    def annotator(self) -> Annotator:
        return self.easel.annotator

    def _leave_image(self) -> None:
        self.guarded(self.panel.notes.flush)()
        self.toolbox.leave_image()
        self.easel.select(None)
        self._survey = None

    # Facts.

    @property
    def can_draw(self) -> bool:
        return self.easel.writable and self.bench is not None and self.bench.current is not None

    @property
    def has_selection(self) -> bool:
        return self.easel.selection is not None

    @property
    def can_change_region(self) -> bool:
        return self.can_draw and self.has_selection

    @property
    def can_cancel(self) -> bool:
        return self.toolbox.tool.pending or self.has_selection or self.easel.busy

    # What the panel shows.

    def _show_tool(self, _tool: object = None) -> None:
        tool = self.toolbox.tool
        names = {
            "select": self.tr("Select and move"),
            "brush": self.tr("Brush"),
            "eraser": self.tr("Eraser"),
            "polygon": self.tr("Polygon"),
            "box": self.tr("Box"),
            "ellipse": self.tr("Ellipse"),
            "fill": self.tr("Fill"),
            "wand": self.tr("Magic wand"),
            "scissors": self.tr("Scissors along edges"),
            "superpixels": self.tr("Superpixels"),
            "tighten": self.tr("Box to defect"),
            "model": self.tr("Accept the model's region"),
        }
        self.panel.tools.show_tool(names[tool.key], self._hint(), tool.uses)
        self.changed.emit()

    def _hint(self) -> str:
        """How the tool is used, or why it cannot be."""
        if self.bench is not None and not self.easel.writable:
            return self.tr("This project is open for reading only: regions can be looked at but not changed.")
        return self.toolbox.tool.hint

    def _busy_changed(self, busy: bool) -> None:
        self.panel.tools.hint.setText(self.tr("Working…") if busy else self._hint())
        if not busy and self._finishing:
            self._finishing = False
            QTimer.singleShot(0, self, self.guarded(self.finish_image))
        self.changed.emit()

    def _image_shown(self, _labels: object) -> None:
        self.viewer.show_cursor()
        self._want_survey()
        self._show_image()

    def _want_survey(self) -> None:
        bench = self.bench
        if bench is None or self._surveyor is None or bench.current is None or bench.entry is None:
            return
        drawn = None if bench.entry.tag.verdict is Verdict.GOOD else bench.project.state.label_map(bench.current)
        self._surveyor.want(bench.current, drawn)

    def _surveyed(self, found: Survey) -> None:
        if self.bench is None or found.image != self.bench.current:
            return
        self._survey = found
        regions = self._origins.of(found.image, list(found.regions)) if self._origins is not None else found.regions
        self.panel.regions.show_regions(regions, self.easel.classes, cut=len(regions) >= MOST_REGIONS)
        self._selection_changed(self.easel.selection)
        self._show_image()

    def _show_image(self) -> None:
        bench, found = self.bench, self._survey
        entry = bench.entry if bench is not None else None
        writable = self.easel.writable
        if entry is None or bench is None:
            self.panel.image.show_image(None, Verdict.UNLABELLED, None, drawn=False, writable=False)
            self.panel.regions.show_regions([], {})
            self.panel.notes.show_notes((), writable=False)
            return
        current = found is not None and found.image == bench.current
        unknown = found.unknown if found is not None and current else None
        drawn = found is not None and current and bool(found.regions)
        self.panel.image.show_image(entry.status, entry.tag.verdict, unknown, drawn=drawn, writable=writable)
        if not current:
            self.panel.regions.show_regions([], {})
        self.panel.notes.show_notes(entry.notes, writable=writable)
        if self.easel.ready:
            self.viewer.show_notes(entry.notes)

    def _recorded(self, change: Change) -> None:
        bench = self.bench
        if bench is None:
            return
        if any(isinstance(event, ClassChanged) for event in change.events):
            self.classes.show()
            bench.refresh_colors()
        if bench.current in change.images or any(isinstance(event, ClassChanged) for event in change.events):
            self._want_survey()
            self._show_image()
            self._keep_selection(change)
        elif change.name.startswith(("undo ", "redo ")) and len(change.images) == 1:
            self.gallery.select(next(iter(change.images)))  # so that what was taken back is seen
        self.changed.emit()

    def _keep_selection(self, change: Change) -> None:
        """A selected region that has changed is looked at again; one that is gone is let go of."""
        chosen = self.easel.selection
        if chosen is None:
            return
        if any(isinstance(event, Painted) and event.image == self.easel.image for event in change.events):
            self.easel.select(found_again(self.easel, chosen))

    def _selection_changed(self, chosen: Any) -> None:
        if chosen is None:
            self.panel.regions.show_selected(None, None, None)
        else:
            self.panel.regions.show_selected(chosen.row, chosen.column, chosen.index)
        self.changed.emit()

    def _remember_reading(self, reading: Reading | None) -> None:
        self._reading = reading

    # What the action table asks for.

    def choose_tool(self, key: str) -> None:
        """Take a tool."""
        self.toolbox.choose(key)

    def choose_number(self, number: int) -> None:
        """The class of a digit: to paint with, or, with the select tool, for the selected region."""
        indices = sorted(self.easel.classes)
        if number > len(indices):
            self.said.emit(self.tr("There is no class {0} yet.").format(number))
            return
        index = indices[number - 1]
        chosen = self.easel.selection
        if self.toolbox.tool.key == "select" and chosen is not None and self.easel.writable:
            self.annotator.recolor_region(self.easel.image, chosen.row, chosen.column, index)
        self.easel.set_value(index)

    def finish_shape(self) -> None:
        """Enter."""
        self.toolbox.finish()

    def cancel(self) -> None:
        """Esc: the shape that is begun, then the selection."""
        pending = self.toolbox.tool.pending or self.easel.busy
        self.toolbox.cancel()
        self.easel.forget()
        if not pending:
            self.easel.select(None)

    def find_region(self, region: Any) -> None:
        """Show a region of the list and select it."""
        if self.bench is not None and self.easel.ready:
            self.viewer.look_at_box(region.box)
            self.easel.select(region_of(self.easel, *region.seed))

    def delete_region(self) -> None:
        """Take the selected region away."""
        chosen = self.easel.selection
        if chosen is not None:
            self.easel.select(None)
            self.annotator.delete_region(self.easel.image, chosen.row, chosen.column)

    def transform_region(self, how: How) -> None:
        """Grow, shrink or smooth the selected region, or fill its holes."""
        chosen = self.easel.selection
        if chosen is not None:
            step = self.easel.options.step
            self.annotator.transform_region(self.easel.image, chosen.row, chosen.column, how, step)

    def _chosen_images(self) -> Sequence[ImageId]:
        chosen = self.gallery.selected
        return chosen if self.easel.image in chosen else [self.easel.image]

    def complete(self) -> None:
        """The rest of the chosen images is healthy."""
        self.annotator.complete(self._chosen_images())

    def partial(self) -> None:
        """The rest of the image is unknown."""
        self.annotator.partial(self.easel.image)

    def copy_previous(self) -> None:
        """What is drawn on the image before this one in the list, on this one as well."""
        row = self.gallery.model.row_of(self.easel.image)
        if row is None or row == 0:
            raise DefectStudioError(self.tr("There is no image before this one in the list."))
        self.annotator.copy_from(self.gallery.model.image_at(row - 1), self.easel.image)

    def set_status(self, status: Status) -> None:
        """How far the work on the chosen images has come."""
        self.annotator.set_status(self._chosen_images(), status)

    def toggle_flag(self) -> None:
        """Flag the image for a colleague, or take the flag back."""
        flagged = self.bench is not None and self.bench.entry is not None and self.bench.entry.status is Status.FLAGGED
        self.set_status(Status.IN_WORK if flagged else Status.FLAGGED)

    def finish_image(self) -> None:
        """Commit what is begun, say that the image is finished, go on with the same tool."""
        self.toolbox.finish()
        if self.easel.busy:
            self._finishing = True  # the shape is on its way; this goes on once it is there
            return
        bench = self.bench
        if bench is None or bench.entry is None:
            return
        if bench.entry.tag.verdict is Verdict.UNLABELLED:
            raise DefectStudioError(
                self.tr("Nobody has said yet whether this image is good."),
                hint=self.tr("Press G for good, X for defective, or draw a defect; then finish it."),
            )
        self.annotator.finish(self.easel.image)
        if self.step_on():
            return
        before = bench.current
        self.gallery.step(1)
        if bench.current == before:
            self.said.emit(self.tr("This is the last image of the list."))

    def write_note(self) -> None:
        """A note on the pixel under the cursor, or on the image when the cursor is elsewhere."""
        reading = self._reading if self.viewer.underMouse() else None
        self.panel.notes.write(None if reading is None else (reading.row, reading.column))

    def _add_note(self, text: str, at: tuple[int, int] | None) -> None:
        self.annotator.add_note(self.easel.image, text, at)

    def find_note(self, number: int) -> None:
        """Bring the spot of a note into sight."""
        entry = self.bench.entry if self.bench is not None else None
        spot = next((note.at for note in entry.notes if note.number == number), None) if entry is not None else None
        if spot is not None:
            self.viewer.look_at(spot[1] + 0.5, spot[0] + 0.5)

    def class_name(self, number: int) -> str:
        """The name of the class of a digit, for the menu."""
        indices = sorted(self.easel.classes)
        name = self.easel.classes[indices[number - 1]].name.replace("&", "&&") if number <= len(indices) else ""
        return f"{said('Class')} {number}: {name}" if name else f"{said('Class')} {number}"

    def is_class(self, number: int) -> bool:
        """Whether the class of a digit is the one that is painted."""
        indices = sorted(self.easel.classes)
        return number <= len(indices) and indices[number - 1] == self.easel.value
