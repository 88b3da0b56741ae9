"""Words of the agreement of labels, in the user's language."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from defectstudio.app.second_looks import ALONE
from defectstudio.domain.labels import Verdict
from defectstudio.ui.mentor_words import verdict_said
from defectstudio.ui.words import verdict_word as _verdict_word


def _tr(text: str) -> str:
    return QCoreApplication.translate("Agreement", text)


def kind_word(kind: str) -> str:
    """What was rated twice."""
    return {
        "tags of copies": _tr("Tags of copies"),
        "masks of copies": _tr("Masks of copies"),
        "panel shown twice": _tr("Panels shown twice"),
        "tags of two people": _tr("Tags of two people"),
        "masks of two people": _tr("Masks of two people"),
        "tag asked twice": _tr("Tags asked twice"),
        "verdict asked twice": _tr("Verdicts asked twice"),
    }.get(kind, kind)


def by_word(by: str) -> str:
    """Whose answers they are."""
    known = {"copies": _tr("copies"), "the same person": _tr("the same person")}
    if by in known:
        return known[by]
    if by.endswith(ALONE):
        return _tr("{0} twice").format(by.removesuffix(ALONE))
    one, between, other = by.partition(" and ")
    return _tr("{0} and {1}").format(one, other) if between else by


def version_said(kind: str, said: str) -> str:
    """One of two versions: a tag, a number of pixels, the ticks of a panel, a verdict."""
    if kind == "panel shown twice":
        return _tr("none is alike") if said == "none" else _tr("ticked: {0}").format(said)
    who, colon, rest = said.partition(": ") if kind.endswith("of two people") else ("", "", said)
    if (found := re.fullmatch(r"(\d+) pixels", rest)) is not None:
        return f"{who}{colon}{_tr('{0} pixels').format(found[1])}"
    word, bracket, classes = rest.partition(" (")
    known = {verdict.value: _verdict_word(verdict) for verdict in Verdict}
    return f"{who}{colon}{known.get(word, verdict_said(word))}{bracket}{classes}"
