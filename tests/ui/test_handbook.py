"""The handbook: its links and pictures are there, its keys are those of the table, and it opens without a network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.app.resources import resource
from defectstudio.ui.commands import ACTIONS
from defectstudio.ui.commands.keys import portable
from defectstudio.ui.handbook import PICTURE_WIDTH, Handbook, pages

MOST_BYTES = 150_000
OWN_KEYS = {"Alt+Up", "Alt+Down"}
"""Keys that a list hears itself: the one of waiting trainings."""
FOLDER = resource("handbook")


def test_the_guides_come_first_and_every_page_is_listed_by_its_heading() -> None:
    titles = [title for title, _ in pages(FOLDER)]
    assert titles[:6] == [
        "The first hour",
        "Marking defects",
        "Training",
        "Which images next",
        "Comparing runs",
        "Glossary",
    ]
    assert len(titles) == len(list(FOLDER.glob("*.md")))


@pytest.mark.parametrize("page", sorted(FOLDER.rglob("*.md")), ids=lambda page: page.stem)
def test_links_and_pictures_of_a_page_exist_and_need_no_network(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).is_file(), target


def test_pictures_are_small_and_all_in_use() -> None:
    texts = "".join(page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md"))
    for picture in (FOLDER / "pictures").iterdir():
        assert picture.stat().st_size < MOST_BYTES
        assert f"pictures/{picture.name}" in texts


def test_keys_in_the_guide_are_those_of_the_commands(app: QApplication) -> None:
    known = {portable(keys) for info in ACTIONS for keys in info.shortcuts} | {portable("Esc"), *OWN_KEYS}
    for page in ("guide.md", "annotate.md", "training.md", "select.md", "runs.md", "book.md"):
        text = (FOLDER / page).read_text(encoding="utf-8").replace("→", "Right").replace("←", "Left")
        named = re.findall(r"`([A-Z0-9\[\]]|F\d+|Esc|Left|Right|(?:Ctrl|Shift|Alt)\+[^`]+)`", text)
        assert [keys for keys in named if portable(keys) not in known] == []


def test_links_between_pages_are_followed_in_the_window(qtbot: QtBot, app: QApplication) -> None:
    handbook = Handbook()
    qtbot.addWidget(handbook)
    assert "The first hour" in handbook.page.toPlainText()
    handbook.page.anchorClicked.emit(QUrl("annotate.md"))
    assert handbook.contents.currentItem().text() == "Marking defects"
    assert "hatched" in handbook.page.toPlainText()
    picture = handbook.page.loadResource(2, QUrl("pictures/annotate.png"))
    assert isinstance(picture, QImage)
    assert 100 < picture.deviceIndependentSize().width() <= PICTURE_WIDTH
    handbook.show()
    assert not handbook.page.horizontalScrollBar().isVisible()
