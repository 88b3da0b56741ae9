"""The user's language: loading translations, words that stand in tables, numbers as people there write them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from defectstudio.app.resources import resource

LANGUAGE_NAMES = {"en": "English", "de": "Deutsch"}


class Language(QObject):
    """The translations in use by one application; a child of it."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._app = app
        self._translators: list[QTranslator] = []
        self.code = "en"

    def use(self, wanted: str) -> None:
        """Speak "en" or "de" from now on, or what the system speaks; widgets that exist keep their words."""
        self.code = wanted if wanted in LANGUAGE_NAMES else system_language()
        for translator in self._translators:
            self._app.removeTranslator(translator)
        self._translators = []
        QLocale.setDefault(QLocale(self.code))
        self._load("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        self._load("defectstudio", str(resource("translations")))

    def _load(self, name: str, folder: str) -> None:
        translator = QTranslator(self)
        if translator.load(f"{name}_{self.code}", folder):
            self._app.installTranslator(translator)
            self._translators.append(translator)


def system_language() -> str:
    """The system's language where it is one of ours, else English."""
    code = QLocale.system().name()[:2]
    return code if code in LANGUAGE_NAMES else "en"


def said(text: str) -> str:
    """A text of the table of commands in the user's language."""
    return QCoreApplication.translate("Actions", text)


def number(value: int) -> str:
    """A whole number with its thousands set apart as the user's language does it."""
    return f"{value:,}".replace(",", "." if QLocale().language() is QLocale.Language.German else ",")


def decimal(value: float, digits: int) -> str:
    """A number with so many digits after the decimal sign of the user's language."""
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if QLocale().language() is QLocale.Language.German else text
