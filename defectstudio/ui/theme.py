"""Light and dark: the palette, a small stylesheet, and icons tinted to match.

Chrome follows the system through `QStyleHints.colorScheme`; colours of classes and heat maps do not, because they
mean something.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory

from defectstudio.app.resources import resource

ICONS = resource("icons")
_ICON_SIDES = (16, 20, 24, 32)


@dataclass(frozen=True, slots=True)
class Colors:
    """Every colour of the chrome, #rrggbb. `muted` text and the verdict colours are readable on all surfaces."""

    dark: bool
    window: str
    surface: str
    hover: str
    text: str
    muted: str
    border: str
    control_border: str
    accent: str
    accent_text: str
    selection: str
    canvas: str
    good: str
    defective: str
    unlabelled: str
    warning: str


LIGHT = Colors(
    dark=False,
    window="#f3f4f6",
    surface="#ffffff",
    hover="#e6e9ee",
    text="#1c2127",
    muted="#56606c",
    border="#d9dde3",
    control_border="#8a939e",
    accent="#1a62c6",
    accent_text="#ffffff",
    selection="#d8e6fb",
    canvas="#c8c9cb",
    good="#12714a",
    defective="#b03a12",
    unlabelled="#56606c",
    warning="#8a5a00",
)
DARK = Colors(
    dark=True,
    window="#1a1d21",
    surface="#22262b",
    hover="#2d3239",
    text="#e8ebee",
    muted="#a4adb8",
    border="#343a42",
    control_border="#707a86",
    accent="#6aa8ff",
    accent_text="#0c1624",
    selection="#274064",
    canvas="#131416",
    good="#56c892",
    defective="#ff9a72",
    unlabelled="#a4adb8",
    warning="#e5b454",
)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 (equal) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = (QColor(color).redF(), QColor(color).greenF(), QColor(color).blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def palette(colors: Colors) -> QPalette:
    """The Qt palette of a set of colours."""
    made = QPalette()
    role = QPalette.ColorRole
    for name, color in {
        role.Window: colors.window,
        role.WindowText: colors.text,
        role.Base: colors.surface,
        role.AlternateBase: colors.window,
        role.ToolTipBase: colors.surface,
        role.ToolTipText: colors.text,
        role.PlaceholderText: colors.muted,
        role.Text: colors.text,
        role.Button: colors.surface,
        role.ButtonText: colors.text,
        role.BrightText: colors.defective,
        role.Highlight: colors.accent,
        role.HighlightedText: colors.accent_text,
        role.Accent: colors.accent,
        role.Link: colors.accent,
        role.LinkVisited: colors.accent,
        role.Light: colors.hover,
        role.Midlight: colors.border,
        role.Mid: colors.border,
        role.Dark: colors.control_border,
        role.Shadow: "#000000",
    }.items():
        made.setColor(name, QColor(color))
    faint = QColor(colors.muted)
    faint.setAlpha(150)
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, faint)
    return made


_STYLE = """
QMainWindow::separator {{ background: {border}; width: 1px; height: 1px; }}
QMainWindow::separator:hover {{ background: {accent}; }}
QToolBar {{ background: {surface}; border: none; border-bottom: 1px solid {border}; padding: 4px 8px; spacing: 2px; }}
QToolBar::separator {{ background: {border}; width: 1px; margin: 6px 6px; }}
QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 5px 7px; }}
QToolButton:hover {{ background: {hover}; }}
QToolButton:pressed, QToolButton:checked {{ background: {selection}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton[big="true"] {{ background: {surface}; border-color: {control_border}; border-radius: 8px;
  padding: 4px 8px; }}
QToolButton[big="true"]:hover {{ background: {hover}; }}
QToolButton[big="true"]:pressed, QToolButton[big="true"]:checked {{ background: {selection}; }}
QToolButton[big="true"]:focus, QToolButton[suggested="true"] {{ border: 2px solid {accent}; }}
QToolButton[big="true"]:disabled {{ background: {window}; border-color: {border}; }}
QMenuBar {{ background: {surface}; }}
QMenuBar::item {{ padding: 5px 9px; background: transparent; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {hover}; }}
QStatusBar {{ background: {surface}; border-top: 1px solid {border}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {muted}; padding: 2px 8px; }}
QDockWidget {{ font-weight: 600; }}
QDockWidget::title {{ background: {window}; padding: 8px 10px 6px 10px; text-align: left; }}
QDockWidget > QWidget {{ font-weight: 400; }}
QListView, QPlainTextEdit, QTableView, QTreeView {{ background: {surface}; border: none; outline: none; }}
QPlainTextEdit {{ padding: 4px 6px; }}
QTextBrowser {{ background: {surface}; border: 1px solid {border}; border-radius: 6px; padding: 6px; }}
QTextBrowser:focus {{ border-color: {accent}; }}
QTableView::item {{ padding: 0 8px; }}
QTableCornerButton::section {{ background: {window}; border: none; border-bottom: 1px solid {border}; }}
QTableView {{ border: 1px solid {border}; border-radius: 6px; gridline-color: {border}; }}
QListWidget::item {{ padding: 3px 10px; }}
QTreeView::item {{ padding: 4px 6px; border: none; }}
QTreeView::item:selected, QListWidget::item:selected, QTableView::item:selected {{ background: {selection};
  color: {text}; }}
QTreeView[role="framed"], QListView[role="framed"] {{ border: 1px solid {border}; border-radius: 6px; }}
QTreeView[role="framed"]:focus, QListView[role="framed"]:focus {{ border-color: {accent}; }}
QToolButton::menu-indicator {{ image: none; }}
QHeaderView::section {{ background: {window}; color: {muted}; border: none; border-bottom: 1px solid {border};
  padding: 4px 8px; }}
QHeaderView::section:vertical {{ border: none; border-right: 1px solid {border}; }}
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox {{ background: {surface}; border: 1px solid {control_border};
  border-radius: 6px; padding: 4px 8px; min-height: 20px; selection-background-color: {accent};
  selection-color: {accent_text}; }}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {{ border: 1px solid {accent}; }}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{ border-color: {border}; background: {window}; }}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0 0 0 5px; min-height: 0; background: transparent; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: url("{arrow_down}"); width: 12px; height: 12px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 20px; background: transparent; }}
QAbstractSpinBox::up-arrow {{ image: url("{arrow_up}"); width: 10px; height: 10px; }}
QAbstractSpinBox::down-arrow {{ image: url("{arrow_down}"); width: 10px; height: 10px; }}
QPushButton {{ background: {surface}; border: 1px solid {control_border}; border-radius: 6px; padding: 6px 14px; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:focus {{ border: 1px solid {accent}; }}
QPushButton:disabled {{ color: {muted}; background: {window}; border-color: {border}; }}
QPushButton[primary="true"] {{ background: {accent}; color: {accent_text}; border-color: {accent};
  font-weight: 600; }}
QPushButton[primary="true"]:hover {{ border-color: {text}; }}
QPushButton[primary="true"]:disabled {{ background: {border}; color: {muted}; border-color: {border}; }}
QPushButton[link="true"] {{ background: transparent; border: 1px solid transparent; color: {accent};
  text-align: left; padding: 4px 6px; }}
QPushButton[link="true"]:hover {{ background: {hover}; }}
QPushButton[link="true"]:focus {{ border-color: {accent}; }}
QCheckBox {{ spacing: 7px; }}
QCheckBox::indicator {{ width: 15px; height: 15px; border: 1px solid {control_border}; border-radius: 4px;
  background: {surface}; }}
QCheckBox::indicator:focus, QCheckBox:focus::indicator {{ border-color: {accent}; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent}; image: url("{check}"); }}
QCheckBox::indicator:disabled {{ background: {window}; border-color: {border}; }}
QProgressBar {{ background: {border}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QSlider::groove:horizontal {{ background: {control_border}; height: 4px; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {accent}; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; }}
QSlider::handle:horizontal:focus {{ border: 2px solid {text}; margin: -7px -2px; border-radius: 9px; }}
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled {{ background: {control_border}; }}
QTabBar::tab {{ background: transparent; color: {muted}; padding: 6px 9px; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
QTabBar::tab:hover {{ color: {text}; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {control_border}; border-radius: 4px; margin: 2px; min-height: 28px;
  min-width: 28px; }}
QScrollBar::handle:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  border: none; width: 0; height: 0; }}
QToolTip {{ background: {surface}; color: {text}; border: 1px solid {control_border}; padding: 4px 6px; }}
QLabel[role="title"] {{ font-size: 20pt; font-weight: 600; }}
QLabel[role="heading"] {{ font-weight: 600; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[role="problem"] {{ color: {defective}; }}
QLabel[role="caption"] {{ background: {surface}; color: {text}; border: 1px solid {border}; border-radius: 6px;
  padding: 3px 8px; }}
QFrame[role="bar"] {{ background: {surface}; border-top: 1px solid {border}; }}
QFrame[role="card"] {{ background: {surface}; border: 1px solid {border}; border-radius: 10px; }}
QFrame[role="notice"] {{ background: {surface}; border: 1px solid {border}; border-left: 4px solid {accent};
  border-radius: 6px; }}
QFrame[role="notice"][level="error"] {{ border-left-color: {defective}; }}
QFrame[role="notice"][level="warning"] {{ border-left-color: {warning}; }}
QFrame[role="notice"][level="success"] {{ border-left-color: {good}; }}
QFrame[role="line"] {{ background: {border}; border: none; max-height: 1px; min-height: 1px; }}
"""


def stylesheet(colors: Colors) -> str:
    """The stylesheet in these colours."""
    tone = "dark" if colors.dark else "light"
    names = {name: getattr(colors, name) for name in Colors.__slots__ if name != "dark"}
    arrows = {f"arrow_{way}": (ICONS / f"arrow-{way}-{tone}.svg").as_posix() for way in ("up", "down")}
    check = (ICONS / f"check-{tone}.svg").as_posix()
    return _STYLE.format(**names, **arrows, check=check)


@cache
def _drawing(name: str) -> str:
    return (ICONS / f"{name}.svg").read_text(encoding="utf-8")


def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", color).encode()))


def _drawn(renderer: QSvgRenderer, side: int, opacity: float = 1.0) -> QPixmap:
    """A drawing on a square of `side` device pixels."""
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity(opacity)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return drawn


def pixmap(name: str, color: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon of `size` logical pixels in one colour, sharp at the device pixel ratio."""
    drawn = _drawn(_renderer(name, color), round(size * ratio))
    drawn.setDevicePixelRatio(ratio)
    return drawn


class Theme(QObject):
    """The colours in use; follows the system and emits `changed` when they turn."""

    changed = Signal(object)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._wanted = "system"
        self.colors = LIGHT
        app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self.apply(self._system())

    def prefer(self, wanted: str) -> None:
        """Be "light" or "dark" whatever the system is, or follow it ("system")."""
        if wanted == self._wanted:
            return
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        self._wanted = wanted
        self._app.styleHints().setColorScheme(schemes.get(wanted, Qt.ColorScheme.Unknown))
        self.apply(self._system())

    def _system(self) -> Colors:
        if self._wanted != "system":
            return DARK if self._wanted == "dark" else LIGHT
        return DARK if self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT

    def _follow(self, _scheme: Qt.ColorScheme) -> None:
        self.apply(self._system())

    def apply(self, colors: Colors) -> None:
        """Show everything in these colours."""
        self.colors = colors
        self._icon_cache: dict[tuple[str, str], QIcon] = {}
        self._app.setPalette(palette(colors))
        self._app.setStyleSheet(stylesheet(colors))
        self.changed.emit(colors)

    def icon(self, name: str, role: str = "text") -> QIcon:
        """A vector icon in a colour of the theme; greyed when disabled."""
        known = self._icon_cache.get((name, role))
        if known is None:
            known = self._icon_cache[name, role] = self._draw_icon(name, getattr(self.colors, role))
        return known

    def _draw_icon(self, name: str, color: str) -> QIcon:
        plain, greyed = _renderer(name, color), _renderer(name, self.colors.muted)
        icon = QIcon()
        for size in self._icon_sizes():
            icon.addPixmap(_drawn(plain, size))
            icon.addPixmap(_drawn(greyed, size, opacity=0.45), QIcon.Mode.Disabled)
        return icon

    def _icon_sizes(self) -> list[int]:
        """Sides in device pixels on a plain screen and on the sharpest one there is."""
        ratios = {1.0, self._app.devicePixelRatio()}
        return sorted({round(side * ratio) for side in _ICON_SIDES for ratio in ratios})


def theme() -> Theme:
    """The theme of the running application, made on first use."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("There is no QApplication yet.")
    return app.findChild(Theme) or Theme(app)
