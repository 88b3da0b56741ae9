"""Classes at the screen: carries out what the class list wishes for, with a warning before anything large changes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QMessageBox, QPushButton

from defectstudio.domain.labels import HEALTHY, UNKNOWN
from defectstudio.ui.sections.classes import ClassesSection
from defectstudio.ui.tools.easel import Easel


class ClassDesk(QObject):
    """Adds, renames, recolours, merges and deletes classes; every one a gesture that can be undone."""

    failed = Signal(object)

    def __init__(self, easel: Easel, section: ClassesSection, parent: QObject) -> None:
        super().__init__(parent)
        self.easel, self.section = easel, section
        self.question: QMessageBox | None = None
        section.chosen.connect(easel.set_value)
        section.add_wanted.connect(partial(self._told, self.add))
        section.renamed.connect(partial(self._told, self.rename))
        section.color_wanted.connect(partial(self._told, self.ask_color))
        section.merge_wanted.connect(partial(self._told, self.ask_merge))
        section.delete_wanted.connect(partial(self._told, self.ask_delete))

    def _told(self, work: object, *arguments: object) -> None:
        try:
            work(*arguments)  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self.failed.emit(error)
            self.show()

    def show(self) -> None:
        """The classes of the project as they are."""
        classes = self.easel.classes
        if self.easel.value not in {HEALTHY, UNKNOWN} and self.easel.value not in classes:
            self.easel.set_value(min(classes, default=1))
        self.section.show_classes(classes, self.easel.value, writable=self.easel.writable)

    def add(self) -> None:
        """A new class, whose name the user then types."""
        taken = {one.name for one in self.easel.classes.values()}
        word, number = self.tr("defect"), 2
        name = word
        while name in taken:
            name, number = f"{word} {number}", number + 1
        made = self.easel.annotator.add_class(name)
        self.easel.set_value(made.index)
        self.section.edit_name(made.index)

    def rename(self, index: int, name: str) -> None:
        """Another name for a class."""
        if index in self.easel.classes and name != self.easel.classes[index].name:
            self.easel.annotator.rename_class(index, name)
        self.show()

    def ask_color(self, index: int) -> None:
        """Let the user choose another colour."""
        dialog = QColorDialog(QColor(self.easel.classes[index].color), self.section)
        dialog.setWindowTitle(self.tr("Colour of {0}").format(self.easel.classes[index].name))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        recolor = lambda color: self.easel.annotator.recolor_class(index, color.name())  # noqa: E731
        dialog.colorSelected.connect(partial(self._told, recolor))
        dialog.open()

    def ask_merge(self, index: int, into: int) -> None:
        """Say what a merge changes, then do it."""
        one, other = self.easel.classes[index].name, self.easel.classes[into].name
        self._ask(
            self.tr("Merge {0} into {1}?").format(one, other),
            self._account(index, self.tr("become {0}").format(other)),
            self.tr("Merge"),
            lambda: self.easel.annotator.merge_class(index, into),
        )

    def ask_delete(self, index: int) -> None:
        """Say what deleting a class changes, then do it."""
        self._ask(
            self.tr("Delete the class {0}?").format(self.easel.classes[index].name),
            self._account(index, self.tr("become unknown")),
            self.tr("Delete"),
            lambda: self.easel.annotator.delete_class(index),
        )

    def _account(self, index: int, becomes: str) -> str:
        account = self.easel.annotator.class_account(index)
        if account.images == 0 and account.tags == 0:
            return self.tr("Nothing is drawn in it and no tag names it.")
        images, pixels, named = (QLocale().toString(n) for n in (account.images, account.pixels, account.tags))
        drawn = self.tr("On {0} images, {1} pixels {2}.").format(images, pixels, becomes)
        tags = self.tr("{0} image tags name this class.").format(named) if account.tags else ""
        return " ".join(part for part in (drawn, tags, self.tr("Undo brings everything back.")) if part)

    def _ask(self, text: str, account: str, yes: str, run: object) -> None:
        question = QMessageBox(QMessageBox.Icon.Question, self.tr("Classes"), text, parent=self.section.window())
        question.setInformativeText(account)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        do: QPushButton = question.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        cancel = question.addButton(QMessageBox.StandardButton.Cancel)
        question.setDefaultButton(cancel)
        question.setEscapeButton(cancel)
        do.clicked.connect(partial(self._told, run))
        self.question = question
        question.destroyed.connect(partial(setattr, self, "question", None))
        question.open()
