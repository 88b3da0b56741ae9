"""Where everything stands: gallery left, viewer in the middle, the panel of the work right, history and log below."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QLabel,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.domain.errors import DefectStudioError
from defectstudio.ui.actions import Actions
from defectstudio.ui.commands.table import QUEUE
from defectstudio.ui.notices import Notices
from defectstudio.ui.panels.annotate import AnnotatePanel
from defectstudio.ui.panels.gallery import Gallery
from defectstudio.ui.panels.history import History
from defectstudio.ui.panels.log import LogPanel, LogRelay
from defectstudio.ui.panels.mentor import MentorPanel
from defectstudio.ui.panels.refine import RefinePanel
from defectstudio.ui.panels.results import ResultsPanel
from defectstudio.ui.panels.runs import RunsPanel
from defectstudio.ui.panels.select import SelectPanel
from defectstudio.ui.panels.train import TrainPanel
from defectstudio.ui.settings import Settings
from defectstudio.ui.start_page import StartPage
from defectstudio.ui.tasks import Tasks
from defectstudio.ui.viewer_bar import ViewerPane

log = logging.getLogger(__name__)

RUNS_HEIGHT = 250
SUSPECT_KEYS = ("tag.good", "tag.defective", "tag.unlabelled", "select.confirm", "view.heat", "view.labels")
"""Commands whose keys are heard in the list of label errors too."""


def scrolled(panel: QWidget) -> QScrollArea:
    """A panel that scrolls when its room is short."""
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(panel)
    return area


class Shell(QMainWindow):
    """The widgets and where they stand; what they do is in `main_window`."""

    action_button: Callable[..., QToolButton]
    """Makes the button of a command, once the window has its table of commands."""
    listen_on_page: Callable[..., None]
    """Lets the commands of a scope be heard on a page of the centre; there once `action_button` is."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings()
        self._docks_sized = False
        self.tasks = Tasks(self.show_error, self)
        self.relay = LogRelay(self)
        self.notices = Notices()
        self.start_page = StartPage()
        self.pane = ViewerPane()
        self.viewer = self.pane.viewer
        self.gallery = Gallery()
        self.annotate_panel = AnnotatePanel()
        self.train_panel = TrainPanel()
        self.select_panel = SelectPanel()
        self.refine_panel = RefinePanel()
        self.mentor_panel = MentorPanel()
        self.results = ResultsPanel()
        self.history = History()
        self.runs = RunsPanel()
        self.log_panel = LogPanel()
        self.relay.arrived.connect(self.log_panel.add)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self._make_centre()
        self._make_docks()
        self._make_status_bar()
        self.resize(1360, 860)

    def _make_centre(self) -> None:
        self.centre = QStackedWidget()
        self.centre.addWidget(self.start_page)
        self.centre.addWidget(self.pane)
        self.column = QVBoxLayout()
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.notices)
        self.column.addWidget(self.centre, 1)
        whole = QWidget()
        whole.setLayout(self.column)
        self.setCentralWidget(whole)

    def _make_docks(self) -> None:
        self.work = QTabWidget(documentMode=True)
        for panel, title in (
            (self.annotate_panel, self.tr("Annotate")),
            (self.train_panel, self.tr("Train")),
            (self.select_panel, self.tr("Select")),
            (self.refine_panel, self.tr("Refine")),
            (self.mentor_panel, self.tr("Mentor")),
            (self.results, self.tr("Results")),
        ):
            self.work.addTab(scrolled(panel), title)
        self.work.tabBar().ensurePolished()
        self.work.setMinimumWidth(max(300, self.work.tabBar().sizeHint().width() + 8))  # no title is cut off
        self.gallery.setMinimumWidth(250)
        self.work.tabBar().setAccessibleName(self.tr("Workspaces"))
        areas = Qt.DockWidgetArea
        self.gallery_dock = self._dock(self.tr("Images"), self.gallery, areas.LeftDockWidgetArea)
        self.work_dock = self._dock(self.tr("Work"), self.work, areas.RightDockWidgetArea)
        self.work_dock.setTitleBarWidget(QWidget())  # the tabs say enough
        self.history_dock = self._dock(self.tr("History"), self.history, areas.BottomDockWidgetArea)
        self.log_dock = self._dock(self.tr("Log"), self.log_panel, areas.BottomDockWidgetArea)
        self.runs_dock = self._dock(self.tr("Runs"), self.runs, areas.BottomDockWidgetArea)
        self.tabifyDockWidget(self.history_dock, self.runs_dock)
        self.tabifyDockWidget(self.runs_dock, self.log_dock)
        self.history_dock.raise_()
        for corner, area in (
            (Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea),
            (Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea),
        ):
            self.setCorner(corner, area)
        self.docks = (self.gallery_dock, self.work_dock, self.history_dock, self.runs_dock, self.log_dock)

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(f"dock.{type(widget).__name__}")
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _make_status_bar(self) -> None:
        self.under_cursor = QLabel()
        self.about_image = QLabel()
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.about_image)
        bar.addPermanentWidget(self.under_cursor)

    def dress(self, actions: Actions) -> None:
        """Put the action table into menus, toolbar and the viewer's bar."""
        actions.fill_menus(self.menuBar())
        bar = QToolBar(self.tr("Main toolbar"))
        bar.setObjectName("toolbar.main")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        actions.fill_toolbar(bar)
        self.addToolBar(bar)
        keys = ("fit", "actual", "zoom_out", "zoom_in", "contrast", "outline", "both", "minimap")
        texts = {"view.labels": self.tr("Labels"), "view.heat": self.tr("Heat map")}
        buttons = {f"view.{key}": actions.button(f"view.{key}") for key in keys}
        buttons |= {key: actions.button(key, text) for key, text in texts.items()}
        self.pane.bar.arrange(buttons)
        self.action_button, self.listen_on_page = actions.button, actions.listen_in_list
        self.annotate_panel.arrange(actions.button)
        self.runs.arrange(actions.button)
        self.select_panel.arrange(actions.button)
        self.refine_panel.arrange(actions.button)
        self.mentor_panel.arrange(actions.button)
        actions.listen_in((self.viewer, self.pane.second, self.gallery.list))
        actions.listen_in_list(self.select_panel.queue.list, QUEUE)
        actions.listen_in_list(self.select_panel.suspects.list, "", SUSPECT_KEYS)
        shape = self.settings.window_shape()
        if shape is not None:
            self.restoreGeometry(shape[0])
            self.restoreState(shape[1])

    def show_panel(self, panel: QWidget) -> None:
        """Bring one of the panels of the work to the front."""
        for number in range(self.work.count()):
            area = self.work.widget(number)
            if isinstance(area, QScrollArea) and area.widget() is panel:
                self.work.setCurrentIndex(number)

    @property
    def panel_shown(self) -> QWidget | None:
        """The panel of the work that is in front."""
        area = self.work.currentWidget()
        return area.widget() if isinstance(area, QScrollArea) else None

    def show_work(self, open_project: bool) -> None:
        """The start page, or viewer and docks."""
        self.centre.setCurrentIndex(1 if open_project else 0)
        for dock in self.docks:
            dock.setVisible(open_project)
        if open_project and not self._docks_sized:
            # Sizes count only once the docks are visible.
            self._docks_sized = True
            if self.settings.window_shape() is None:
                QTimer.singleShot(0, self, self._size_docks)

    def _size_docks(self) -> None:
        self.resizeDocks([self.gallery_dock, self.work_dock], [310, 350], Qt.Orientation.Horizontal)
        self.resizeDocks([self.history_dock], [120], Qt.Orientation.Vertical)

    def show_error(self, error: BaseException) -> None:
        """An expected error becomes a notice; any other is logged, and the window stays up."""
        if isinstance(error, DefectStudioError):
            self.notices.show_error(error)
            return
        log.error("Unexpected error", exc_info=error)
        self.notices.show_notice(
            "error",
            self.tr("Something went wrong that should not have: {0}.").format(type(error).__name__),
            self.tr("Your labels are safe. The log says more."),
            button=self.tr("Show log"),
            run=self.show_log,
        )

    def show_log(self) -> None:
        """Bring the log to the front."""
        self.show_dock(self.log_dock)
        self.log_panel.setFocus()

    def show_dock(self, dock: QDockWidget) -> None:
        """Bring one of the docks below to the front."""
        dock.show()
        dock.raise_()

    def show_runs(self) -> None:
        """Bring the table of runs to the front, with room for some of them and the keys going to it."""
        self.show_dock(self.runs_dock)
        if self.runs_dock.height() < RUNS_HEIGHT:
            self.resizeDocks([self.runs_dock], [RUNS_HEIGHT], Qt.Orientation.Vertical)
        self.runs.table.setFocus()

    def keep_shape(self) -> None:
        """Remember size, place and docks for the next start."""
        self.settings.keep_window_shape(self.saveGeometry(), self.saveState())
