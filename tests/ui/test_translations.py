"""Every text of the window is there in German, and the compiled files say what their sources say."""

from __future__ import annotations

import importlib.util
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from defectstudio.app.resources import resource
from defectstudio.domain.labels import Status
from defectstudio.ui.app import speak
from defectstudio.ui.commands.table import step
from defectstudio.ui.gestures import gesture_said
from defectstudio.ui.settings import Settings
from defectstudio.ui.translations import decimal, number, said
from defectstudio.ui.words import status_word

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The script that collects texts."""
    spec = importlib.util.spec_from_file_location("translate", ROOT / "packaging" / "translate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def german(app: QApplication) -> Iterator[None]:
    settings = Settings()
    settings.language = "de"
    speak(settings)
    yield
    settings.language = "en"
    speak(settings)


def test_every_text_can_be_collected(tool: ModuleType) -> None:
    texts, complaints = tool.collect()
    assert complaints == []
    assert len(texts) > 400


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_text_is_translated_and_none_is_left_over(tool: ModuleType, language: str) -> None:
    wanted = tool.wanted(language, tool.collect()[0])
    translations = tool.read(resource("translations", f"defectstudio_{language}.ts"))
    assert sorted(wanted - {text for text, forms in translations.items() if forms}) == []
    assert sorted(set(translations) - wanted) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_compiled_file_says_what_its_source_says(tool: ModuleType, app: QApplication, language: str) -> None:
    translator = QTranslator()
    assert translator.load(f"defectstudio_{language}", str(resource("translations")))
    for text, forms in tool.read(resource("translations", f"defectstudio_{language}.ts")).items():
        for count, form in zip((1, 2), forms, strict=False):
            spoken = translator.translate(text.context, text.source, text.comment, count if text.plural else -1)
            assert spoken == form, text


def fields(text: str) -> list[str]:
    """The places that are filled in: {0}, {1}, %Ln."""
    named = [str(name) for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    return sorted(named) + re.findall("%L?n", text)


def test_german_keeps_every_place_that_is_filled_in_and_every_mnemonic(tool: ModuleType) -> None:
    for text, forms in tool.read(resource("translations", "defectstudio_de.ts")).items():
        for form in forms:
            assert fields(form) == fields(text.source), text
            assert len(re.findall("&[^&]", form)) == len(re.findall("&[^&]", text.source)), text
            assert form.endswith("…") == text.source.endswith("…"), text


def test_no_two_menus_have_one_mnemonic_in_german(tool: ModuleType) -> None:
    spoken = tool.read(resource("translations", "defectstudio_de.ts"))
    letters = [
        re.search("&(.)", spoken[tool.Text("Actions", title)][0]).group(1).lower()  # type: ignore[union-attr]
        for _, title in tool.MENUS
    ]
    assert len(set(letters)) == len(letters)


def test_the_window_speaks_german_down_to_steps_numbers_and_buttons_of_qt(german: None) -> None:
    assert said("Train a detector") == "Detektor trainieren"
    assert gesture_said("undo import 12 images from part") == "rückgängig: 12 Bilder aus part importieren"
    assert gesture_said("paint healthy") == "fehlerfrei malen"
    assert status_word(Status.DONE) == "Erledigt"
    assert (number(1234567), decimal(0.5, 2)) == ("1.234.567", "0,50")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    assert box.buttons()[0].text().replace("&", "") == "Schließen"
    assert QLocale().language() is QLocale.Language.German


def test_the_journal_keeps_english_names_while_the_window_speaks_german(german: None) -> None:
    assert step("Undo", "tag good") == "Rückgängig: als gut bewerten"
    assert step("Undo", None) == "Rückgängig"


def test_english_has_its_plurals(app: QApplication) -> None:
    spoken = [QCoreApplication.translate("Gallery", "%Ln image(s)", "", count) for count in (0, 1, 2, 1234)]
    assert spoken == ["0 images", "1 image", "2 images", "1,234 images"]
