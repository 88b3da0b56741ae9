"""Words of the window in the user's language: texts that stand in tables rather than in widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def said(text: str) -> str:
    """A text of the table of commands in the user's language."""
    return QCoreApplication.translate("Actions", text)
