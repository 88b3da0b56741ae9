"""The defect book beside the work: shows the page of the class in question, takes in what is looked at, prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QFileDialog, QToolButton

from defectstudio.domain.book import BookEntry, BookEntryChanged, DefinitionChanged, EntryKind
from defectstudio.domain.events import ClassChanged, ImageAdded
from defectstudio.domain.labels import is_class
from defectstudio.sessions.book import DefectBook, Place
from defectstudio.sessions.session import Change
from defectstudio.ui.book_panel import BookPanel
from defectstudio.ui.book_places import Looked, looked_at
from defectstudio.ui.commands.table import BOOK
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.picture import Picture
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.shell import scrolled
from defectstudio.ui.viewer import Reading

if TYPE_CHECKING:
    from defectstudio.ui.main_window import MainWindow

VIEWER_PAGE = 1
SHARES = (2, 3)
"""Of the height: the list of images, and the book below it."""


class BookDesk(QObject):
    """Lives as long as the window; its dock stands below the list of images when somebody wants it."""

    changed = Signal()

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window = cast("MainWindow", window)
        self.panel = BookPanel()
        self.dock = QDockWidget(self.tr("Defect book"))
        self.dock.setObjectName("dock.BookPanel")
        self.dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        self.dock.setWidget(scrolled(self.panel))
        self.dock.hide()
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.dock)
        window.splitDockWidget(window.gallery_dock, self.dock, Qt.Orientation.Vertical)
        self.reading: Reading | None = None
        self._context: int | None = None
        self._opened_here = self._following = False
        self._wanted: BookEntry | None = None
        self._job: RunningJob[Any] | None = None
        window.project_opened.connect(self._opened)
        window.project_closing.connect(self._closing)
        self._connect()

    def _connect(self) -> None:
        panel = self.panel
        panel.class_chosen.connect(self._show)
        panel.chosen_changed.connect(self.changed)
        panel.captioned.connect(self._guarded(self._caption))
        panel.definition.settled.connect(self._guarded(self._define))
        self._window.viewer.hovered.connect(self._remember)
        self.dock.visibilityChanged.connect(self._seen)

    def dress(self, button: Callable[..., QToolButton]) -> None:
        """Put in the buttons; the page comes when a project is opened."""
        self.panel.arrange(button)
        for rows in self.panel.lists.values():
            self._window.listen_on_page(rows, BOOK)
        self.dock.setVisible(self._bench is not None and self._window.settings.book_shown)

    def _guarded(self, work: Callable[..., Any]) -> Callable[..., None]:
        def call(*arguments: object) -> None:
            try:
                work(*arguments)
            except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
                self._window.show_error(error)

        return call

    # The project.

    @property
    def _bench(self) -> Any:
        return self._window.bench

    @property
    def _writable(self) -> bool:
        return self._bench is not None and not self._bench.readonly

    def _opened(self) -> None:
        self._follow_work()
        bench = self._bench
        bench.recorded.connect(self._recorded)
        bench.picture_ready.connect(self._picture_ready)
        self._context = None
        self.dock.setVisible(self._window.settings.book_shown)
        self._look()

    def _closing(self) -> None:
        self.panel.definition.flush()
        if self._job is not None:
            self._job.cancel()
        self.panel.crops.close()
        self._opened_here, self._wanted, self.reading = False, None, None
        self.panel.show_page(None, {}, {}, None, writable=False)
        self.dock.hide()

    def _follow_work(self) -> None:
        """Hear of every change of what is in question, from the first project on."""
        if self._following:
            return
        self._following = True
        window = self._window
        easel = window.annotate.easel
        for signal in (
            easel.value_changed,
            easel.selection_changed,
            window.mentor.judging.moved,
            window.refine.changed,
        ):
            signal.connect(self._look)
        window.centre.currentChanged.connect(self._look)

    def _recorded(self, change: Change) -> None:
        about = (BookEntryChanged, DefinitionChanged, ClassChanged, ImageAdded)
        if any(isinstance(event, about) for event in change.events):
            self._show(self.panel.index)

    # The page of a class.

    @property
    def shown(self) -> bool:
        return self._bench is not None and not self.dock.isHidden()

    def toggle(self) -> None:
        """The book beside the work with the keys going to it, or away again."""
        wanted = not self.shown
        self._window.settings.book_shown = wanted
        self.dock.setVisible(wanted)
        if wanted:
            self._window.resizeDocks([self._window.gallery_dock, self.dock], list(SHARES), Qt.Orientation.Vertical)
            self._look()
            self.dock.raise_()
            first = next((rows for rows in self.panel.lists.values() if not rows.isHidden()), None)
            (first or self.panel.definition).setFocus()
        else:
            self._window.viewer.setFocus()

    def _seen(self, visible: bool) -> None:
        if visible:
            self._look()
        self.changed.emit()

    @property
    def looked(self) -> Looked | None:
        """What would come into the book."""
        return looked_at(self._window, self.reading)

    def _look(self, *_told: object) -> None:
        """Follow the work to another class; a page that was chosen by hand stays until then."""
        bench = self._bench
        if bench is None or self.dock.isHidden():
            return
        if not self._opened_here:
            self._opened_here = True
            self.panel.crops.open(bench.project.pixels, bench.images)
            self._show(self.panel.index)
        wanted = self._in_question
        if wanted is not None and wanted != self._context:
            self._context = wanted
            if wanted != self.panel.index:
                self._show(wanted)

    @property
    def _in_question(self) -> int | None:
        looked = self.looked
        if looked is not None and looked.class_index is not None:
            return looked.class_index
        value = self._window.annotate.easel.value
        return value if is_class(value) and not self._window.mentor.shown else None

    def _show(self, index: int | None) -> None:
        bench = self._bench
        if bench is None or not self._opened_here:
            return
        if index != self.panel.index:
            self.panel.definition.flush()
        classes = bench.project.state.classes
        index = index if index in classes else min(classes, default=None)
        page = None if index is None else self._book.page(index)
        self.panel.show_page(index, classes, bench.images, page, writable=self._writable)
        self.changed.emit()

    @property
    def _book(self) -> DefectBook:
        return DefectBook(self._bench.session)

    # Facts and commands.

    @property
    def _page_index(self) -> int | None:
        """The class whose page is shown, or would be."""
        if self.shown and self.panel.index is not None:
            return self.panel.index
        classes = self._bench.project.state.classes
        wanted = self._in_question
        return wanted if wanted in classes else min(classes, default=None)

    @property
    def can_add(self) -> bool:
        return self._writable and self.looked is not None and self._page_index is not None

    @property
    def can_define(self) -> bool:
        return self._writable and self._page_index is not None

    @property
    def has_chosen(self) -> bool:
        return self._bench is not None and self.panel.chosen is not None

    @property
    def can_change(self) -> bool:
        return self._writable and self.panel.chosen is not None

    @property
    def can_propose(self) -> bool:
        return self.can_define and self._job is None

    @property
    def can_print(self) -> bool:
        return self._bench is not None and bool(self._bench.project.state.classes) and self._job is None

    def add(self, kind: EntryKind) -> None:
        """What is looked at shows its class; or it only looks like the class whose page is shown."""
        looked, page = self.looked, self._page_index
        if looked is None or page is None:
            return
        own = looked.class_index if kind == "exemplar" else None
        entry = self._book.add(Place(kind, own or page, looked.image, looked.box), source=looked.source)
        name = self._bench.project.state.classes[entry.class_index].name
        said = self.tr("Exemplar of {0} added to the book.") if kind == "exemplar" else self.tr("Added as no {0}.")
        self._window.statusBar().showMessage(said.format(name), 5000)

    def turn(self) -> None:
        """The chosen exemplar becomes a look-alike, or the other way round."""
        if self.panel.chosen is not None:
            self._book.turn(self.panel.chosen.number)

    def remove(self) -> None:
        """Take the chosen entry out."""
        if self.panel.chosen is not None:
            self._book.remove([self.panel.chosen.number])

    def write_definition(self) -> None:
        """The keys to the definition of the class in question."""
        if not self.shown:
            self.toggle()
        self.panel.definition.setFocus()

    def _define(self) -> None:
        if self.can_define and self.panel.index is not None:
            self._book.define(self.panel.index, self.panel.definition.toPlainText())

    def _caption(self, text: str) -> None:
        if self.can_change and self.panel.chosen is not None:
            self._book.caption(self.panel.chosen.number, text)

    def open_chosen(self) -> None:
        """The chosen entry in its image."""
        self._wanted = self.panel.chosen
        if self._wanted is None:
            return
        self._window.centre.setCurrentIndex(VIEWER_PAGE)
        self._window.show_image(self._wanted.image)
        picture = self._window.viewer.picture
        if picture is not None:
            self._picture_ready(picture)

    def _picture_ready(self, picture: Picture) -> None:
        if self._wanted is not None and picture.image == self._wanted.image:
            self._window.viewer.look_at_box(self._wanted.box)
            self._wanted = None

    def _remember(self, reading: Reading | None) -> None:
        """The last pixel under the cursor counts while the keys stay with the image."""
        before, self.reading = self.reading, reading
        if (before is None) != (reading is None):
            self.changed.emit()

    # Jobs.

    def propose(self) -> None:
        """Add typical places of every class, and what fooled people; one step that undo takes back."""
        from defectstudio.app.book_proposals import propose_job

        self._window.tasks.start(self._proposed(propose_job(self._bench.project)))

    async def _proposed(self, make: Callable[..., Any]) -> None:
        places = await self._run(make)
        count = self._book.add_all(places) if self._bench is not None else 0
        if not self.shown and count:
            self.toggle()
        if count:
            text = self.tr("%Ln entry(s) proposed for the book", "", count)
            self._window.notices.show_notice("success", text, self.tr("Del takes one out, T turns it round."))
        else:
            text = self.tr("There is nothing to propose for the book.")
            hint = self.tr("Draw defects of the class, or confirm and reject detections.")
            self._window.notices.show_notice("info", text, hint)

    def print_book(self) -> None:
        """Ask for a file and write the book into it."""
        kinds = "PDF (*.pdf);;HTML (*.html);;JSON (*.json)"
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Print the defect book"), str(Path.home() / "book.pdf"), kinds
        )
        if name:
            self.write(Path(name))

    def write(self, path: Path) -> None:
        """Write the book into a file, PDF where its name has no ending."""
        from defectstudio.app.book import book_job

        self.panel.definition.flush()
        out = path if path.suffix else path.with_suffix(".pdf")
        self._window.tasks.start(self._written(book_job(self._bench.project, out)))

    async def _written(self, make: Callable[..., Any]) -> None:
        out = await self._run(make)
        self._window.notices.show_notice("success", self.tr("The defect book is written to {0}.").format(out))

    async def _run(self, make: Callable[..., Any]) -> Any:
        self._job = RunningJob(make, self)
        self.changed.emit()
        try:
            return await self._job.result()
        finally:
            self._job = None
            self.changed.emit()
