"""The handbook in a window of its own: pages on the left, the page on the right, no network."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from defectstudio.app.resources import resource

PICTURE_WIDTH = 640
FIRST_PAGES = ("guide.md", "annotate.md", "training.md", "select.md", "runs.md", "glossary.md")


def pages(folder: Path) -> list[tuple[str, Path]]:
    """(title, file) of every page of a handbook: the guides, the glossary, then the rest by name."""
    found = sorted(folder.glob("*.md"), key=lambda page: (page.name not in FIRST_PAGES, _rank(page.name), page.name))
    return [(_title(page), page) for page in found]


def _rank(name: str) -> int:
    return FIRST_PAGES.index(name) if name in FIRST_PAGES else 0


def _title(page: Path) -> str:
    """The first heading of a page, or its name."""
    with page.open(encoding="utf-8") as lines:
        heading = next((line for line in lines if line.startswith("# ")), f"# {page.stem}")
    return heading.removeprefix("# ").strip()


class Page(QTextBrowser):
    """A page whose pictures are as wide as its text, and sharp on screens of any density."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        loaded = super().loadResource(kind, name)
        if kind == QTextDocument.ResourceType.ImageResource.value:
            image = QImage(self.source().resolved(QUrl(name)).toLocalFile())
            if image.width() > PICTURE_WIDTH:
                image.setDevicePixelRatio(image.width() / PICTURE_WIDTH)
            return image
        return loaded


class Handbook(QDialog):
    """Shows the pages of `resources/handbook`; links between them are followed here, others in the browser."""

    def __init__(self, parent: QWidget | None = None, folder: Path | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Handbook"))
        self.setModal(False)
        self.resize(960, 720)
        self.setMinimumWidth(880)
        self.contents = QListWidget()
        self.contents.setSpacing(2)
        self.contents.setProperty("role", "framed")
        self.contents.setAccessibleName(self.tr("Pages of the handbook"))
        self.page = Page(openLinks=False)
        self.page.setAccessibleName(self.tr("Page of the handbook"))
        self.page.document().setDocumentMargin(14)
        for title, path in pages(folder or resource("handbook")):
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, path)
            self.contents.addItem(item)
        split = QSplitter()
        split.addWidget(self.contents)
        split.addWidget(self.page)
        split.setStretchFactor(1, 1)
        split.setSizes([200, 760])
        whole = QVBoxLayout(self)
        whole.addWidget(split)
        self.contents.currentItemChanged.connect(self._show_chosen)
        self.page.anchorClicked.connect(self._follow)
        self.contents.setCurrentRow(0)

    def _show_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            path: Path = item.data(Qt.ItemDataRole.UserRole)
            self.page.setSource(QUrl.fromLocalFile(str(path)))

    def _follow(self, link: QUrl) -> None:
        target = self.page.source().resolved(link)
        if not target.isLocalFile():
            QDesktopServices.openUrl(target)
            return
        for row in range(self.contents.count()):
            if self.contents.item(row).data(Qt.ItemDataRole.UserRole) == Path(target.toLocalFile()):
                self.contents.setCurrentRow(row)
        self.page.setSource(target)
