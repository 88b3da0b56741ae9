"""The bar under the viewer: zoom, overlays with their opacity, contrast; all of it views of the viewer's display."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from defectstudio.ui.display import IDENTITY, Mapping
from defectstudio.ui.histogram import Histogram
from defectstudio.ui.linked import LinkedViewers
from defectstudio.ui.theme import theme
from defectstudio.ui.viewer import Display, Viewer

STEPS = 1000
GAMMA_STEPS = 100


def slider(name: str, most: int, width: int = 90) -> QSlider:
    """A horizontal slider with a name that screen readers say."""
    made = QSlider(Qt.Orientation.Horizontal)
    made.setRange(0, most)
    made.setPageStep(max(1, most // 10))
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setMinimumWidth(min(width, 48))
    made.setMaximumWidth(width)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made


class LevelsForm(QWidget):
    """Black point, white point and gamma of the display."""

    def __init__(self, viewer: Viewer) -> None:
        super().__init__()
        self._viewer = viewer
        self.low = slider(self.tr("Black point"), STEPS, 180)
        self.high = slider(self.tr("White point"), STEPS, 180)
        self.gamma = slider(self.tr("Gamma"), 300, 180)
        self.gamma.setMinimum(20)
        self.histogram = Histogram()
        form = QFormLayout(self)
        form.addRow(self.histogram)
        form.addRow(self.tr("Black"), self.low)
        form.addRow(self.tr("White"), self.high)
        form.addRow(self.tr("Gamma"), self.gamma)
        note = QLabel(self.tr("Changes the display only, never what a detector sees."))
        note.setProperty("role", "muted")
        form.addRow(note)
        for one in (self.low, self.high, self.gamma):
            one.valueChanged.connect(self._moved)
        viewer.display_changed.connect(lambda _display: self.histogram.show_levels(viewer.levels))

    def refresh(self) -> None:
        """Show the picture and the levels in use."""
        levels, picture = self._viewer.levels, self._viewer.picture
        self.histogram.show_pixels(None if picture is None else picture.levels[-1])
        self.histogram.show_levels(levels)
        for one, value in (
            (self.low, levels.low * STEPS),
            (self.high, levels.high * STEPS),
            (self.gamma, levels.gamma * GAMMA_STEPS),
        ):
            one.blockSignals(True)
            one.setValue(round(value))
            one.blockSignals(False)

    def _moved(self) -> None:
        low = min(self.low.value(), STEPS - 1)
        high = max(self.high.value(), low + 1)
        self._viewer.set_display(levels=Mapping(low / STEPS, high / STEPS, self.gamma.value() / GAMMA_STEPS))


class ViewerBar(QFrame):
    """Zoom and overlay controls for one viewer."""

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self.setProperty("role", "bar")
        self.zoom = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("6400 %"))
        self.labels_opacity = slider(self.tr("Opacity of the labels"), 100)
        self.heat_opacity = slider(self.tr("Opacity of the heat map"), 100)
        self.levels = self._levels_button()
        self._buttons: list[tuple[QToolButton, Qt.ToolButtonStyle]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 3, 8, 3)
        self._row.setSpacing(4)
        self.labels_opacity.valueChanged.connect(lambda value: viewer.set_display(labels_opacity=value / 100))
        self.heat_opacity.valueChanged.connect(lambda value: viewer.set_display(heat_opacity=value / 100))
        viewer.view_changed.connect(self._show_zoom)
        viewer.display_changed.connect(self._show_display)
        self._show_display(viewer.display)
        self._show_zoom()

    def _levels_button(self) -> QToolButton:
        button = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setIcon(theme().icon("levels"))
        theme().changed.connect(self._tint)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self.tr("Levels and gamma of the display"))
        button.setToolTip(button.accessibleName())
        self.form = LevelsForm(self._viewer)
        menu = QMenu(button)
        action = QWidgetAction(menu)
        action.setDefaultWidget(self.form)
        menu.addAction(action)
        reset = menu.addAction(self.tr("As stored"))
        reset.triggered.connect(lambda: self._viewer.set_display(levels=IDENTITY))
        menu.aboutToShow.connect(self.form.refresh)
        button.setMenu(menu)
        return button

    def _tint(self) -> None:
        self.levels.setIcon(theme().icon("levels"))

    def arrange(self, buttons: dict[str, QToolButton]) -> None:
        """Lay out the bar with the buttons of the actions that belong to it."""
        self._buttons = [(button, button.toolButtonStyle()) for button in buttons.values()]
        left = ("view.fit", "view.actual", "view.zoom_out")
        for key in left:
            self._row.addWidget(buttons[key])
        self._row.addWidget(self.zoom)
        self._row.addWidget(buttons["view.zoom_in"])
        self._row.addSpacing(12)
        self._row.addWidget(buttons["view.labels"])
        self._row.addWidget(self.labels_opacity)
        self._row.addWidget(buttons["view.outline"])
        self._row.addSpacing(8)
        self._row.addWidget(buttons["view.heat"])
        self._row.addWidget(self.heat_opacity)
        self._row.addStretch(1)
        self._row.addWidget(buttons["view.both"])
        self._row.addWidget(buttons["view.minimap"])
        self._row.addWidget(buttons["view.contrast"])
        self._row.addWidget(self.levels)

        self._only_icons()
        self.setMinimumWidth(self._row.minimumSize().width())
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Words beside the icons where there is room; tooltips and screen readers have them always."""
        for button, style in self._buttons:
            button.setToolButtonStyle(style)
        if self._row.minimumSize().width() > self.width():
            self._only_icons()

    def _only_icons(self) -> None:
        for button, _ in self._buttons:
            if not button.icon().isNull():
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def show_levels(self) -> None:
        """Open the form of levels and gamma."""
        menu = self.levels.menu()
        menu.popup(self.levels.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _show_zoom(self) -> None:
        scale = self._viewer.view.scale * self._viewer.devicePixelRatioF()
        text = f"{100 * scale:.0f} %" if scale >= 0.1 else f"{100 * scale:.1f} %"
        self.zoom.setText(text if self._viewer.picture is not None else "–")

    def _show_display(self, display: Display) -> None:
        for one, value in ((self.labels_opacity, display.labels_opacity), (self.heat_opacity, display.heat_opacity)):
            one.blockSignals(True)
            one.setValue(round(100 * value))
            one.blockSignals(False)
        self.labels_opacity.setEnabled(display.labels)
        self.heat_opacity.setEnabled(display.heat)


class ViewerPane(QWidget):
    """A viewer with its bar, and a second viewer when wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.linked = LinkedViewers()
        self.viewer, self.second = self.linked.first, self.linked.second
        self.bar = ViewerBar(self.viewer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.linked, 1)
        column.addWidget(self.bar)
