"""Words for verdicts and states of work in the user's language, with the icon and colour that go with each."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from defectstudio.domain.labels import Status, Verdict

VERDICT_ICONS = {
    Verdict.GOOD: ("tag-good", "good"),
    Verdict.DEFECTIVE: ("tag-defective", "defective"),
    Verdict.UNLABELLED: ("tag-unlabelled", "unlabelled"),
}
"""Icon and colour role of the theme."""

STATUS_ICONS = {
    Status.TODO: ("status-todo", "muted"),
    Status.IN_WORK: ("status-work", "accent"),
    Status.DONE: ("status-done", "good"),
    Status.FLAGGED: ("status-flagged", "warning"),
}


def verdict_word(verdict: Verdict) -> str:
    """Good, Defective, Unlabelled."""
    return {
        Verdict.GOOD: QCoreApplication.translate("Words", "Good"),
        Verdict.DEFECTIVE: QCoreApplication.translate("Words", "Defective"),
        Verdict.UNLABELLED: QCoreApplication.translate("Words", "Unlabelled"),
    }[verdict]


def status_word(status: Status) -> str:
    """To do, In work, Done, Flagged."""
    return {
        Status.TODO: QCoreApplication.translate("Words", "To do"),
        Status.IN_WORK: QCoreApplication.translate("Words", "In work"),
        Status.DONE: QCoreApplication.translate("Words", "Done"),
        Status.FLAGGED: QCoreApplication.translate("Words", "Flagged"),
    }[status]


def split_word(split: str) -> str:
    """The name of a split; images that are in none have one too."""
    return split or QCoreApplication.translate("Words", "No split")
