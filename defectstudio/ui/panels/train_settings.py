"""All further settings of a training, folded away: made from the fields of `TrainConfig`, for one network."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.domain.errors import DefectStudioError
from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.panels.train_fields import Control, control_for
from defectstudio.ui.panels.train_words import IN_THE_FORM, Setting, further, groups, plain


def settings_of(net: str) -> dict[str, dict[str, Setting]]:
    """The settings that count for a network, by heading and field; fields without words come last."""
    known = groups()
    named = {name for rows in known.values() for name in rows}
    new = {n: plain(n, f.description) for n, f in TrainConfig.model_fields.items() if n not in named}
    return {
        heading: {
            name: row
            for name, row in rows.items()
            if row.net in {"", net} and name in TrainConfig.model_fields and name not in IN_THE_FORM
        }
        for heading, rows in {**known, further(): new}.items()
    }


class MoreSettings(QWidget):
    """The settings of one network; `problem` says in words what is wrong with them, or is empty."""

    altered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usual = default_config()
        self.controls: dict[str, Control] = {}
        self.problem = ""
        self.fold = QToolButton(autoRaise=True)
        self.fold.setCheckable(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.reset = QPushButton(self.tr("Reset to defaults"))
        self.body = QWidget()
        self.complaint = QLabel(wordWrap=True)
        self.complaint.setProperty("role", "problem")
        self._rows = QVBoxLayout(self.body)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._form = QWidget()
        top = QHBoxLayout()
        top.addWidget(self.fold)
        top.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(top)
        whole.addWidget(self.body)
        whole.addWidget(self.complaint)
        self._rows.addWidget(self._form)
        self._rows.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        self.fold.toggled.connect(self._refresh)
        self.reset.clicked.connect(self.put_back)
        self.show_usual(self._usual)

    def show_usual(self, usual: TrainConfig) -> None:
        """Offer the settings of a network, each at its value in `usual`, which is what "reset" leads back to."""
        if not self.controls or usual.net != self._usual.net:
            self._make_form(usual.net)
        self._usual = usual
        self.put_back()

    def _make_form(self, net: str) -> None:
        old, self._form = self._form, QWidget()
        self._rows.replaceWidget(old, self._form)
        old.deleteLater()
        grid = form_grid()
        grid.setContentsMargins(0, 0, 0, 0)
        self._form.setLayout(grid)
        self.controls = {}
        for heading, rows in settings_of(net).items():
            if rows:
                self._add_heading(grid, heading)
            for name, setting in rows.items():
                control = self.controls[name] = control_for(name, TrainConfig.model_fields[name])
                self._add_control(grid, control, setting)

    @staticmethod
    def _add_heading(grid: QGridLayout, text: str) -> None:
        heading = QLabel(text)
        heading.setProperty("role", "heading")
        grid.addWidget(heading, grid.rowCount(), 0, 1, 2)

    def _add_control(self, grid: QGridLayout, control: Any, setting: Setting) -> None:
        control.setAccessibleName(setting.label)
        control.setAccessibleDescription(setting.tip)
        control.setToolTip(setting.tip)
        add_row(grid, setting.label, control)
        control.altered.connect(self._settings_altered)

    def put_back(self) -> None:
        """All settings as they usually are."""
        for name, control in self.controls.items():
            control.blockSignals(True)
            control.choose(getattr(self._usual, name))
            control.blockSignals(False)
        self._settings_altered()

    @property
    def values(self) -> dict[str, Any]:
        """The settings by field."""
        return {name: control.chosen for name, control in self.controls.items()}

    @property
    def changed(self) -> list[str]:
        """The fields that differ from what is usual."""
        return [name for name, value in self.values.items() if value != getattr(self._usual, name)]

    def config(self, **form: Any) -> TrainConfig:
        """The configuration with the values of the form. Raises DefectStudioError when they do not go together."""
        changes = {**dict(self._usual), **self.values, **form}
        return default_config(changes.pop("net"), **changes)

    def _settings_altered(self) -> None:
        self.problem = self._find_problem()
        self._refresh()
        self.altered.emit()

    def _find_problem(self) -> str:
        values = self.values
        if (values.get("height") is None) != (values.get("width") is None):
            return self.tr("Give height and width together, or leave both automatic.")
        step = self._step(values)
        if values.get("height") is not None and (values["height"] % step or values["width"] % step):
            return self.tr("Height and width must be multiples of {0} for these settings.").format(step)
        try:
            self.config()
        except DefectStudioError as error:
            return error.message
        return ""

    @staticmethod
    def _step(values: dict[str, Any]) -> int:
        """The coarsest stride that the input passes through."""
        if "strides" not in values:
            return 8
        return max(values["strides"]) if values["strides"] else 16 if values["finetune_epochs"] == 0 else 32

    def _refresh(self) -> None:
        count, folded = len(self.changed), not self.fold.isChecked()
        self.fold.setArrowType(Qt.ArrowType.RightArrow if folded else Qt.ArrowType.DownArrow)
        text = self.tr("More settings")
        self.fold.setText(f"{text} ({self.tr('%Ln changed', '', count)})" if count else text)
        self.reset.setEnabled(count > 0)
        self.body.setVisible(not folded)
        self.complaint.setText(self.problem)
        self.complaint.setVisible(bool(self.problem))
        for name, needed in (("p", "distance_weights"), ("finetune_lr", "finetune_epochs")):
            if name in self.controls and needed in self.controls:
                self.controls[name].setEnabled(self.controls[needed].chosen != 0)
