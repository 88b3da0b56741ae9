"""Words of a replay: parts, marks, steps, what stood there, in the user's language."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from defectstudio.app.playback import ANSWERED, JUDGED, LABELLED, TAGGED, Mark, Part
from defectstudio.app.playback_look import Counts, Look
from defectstudio.domain.labels import DefectClass, LabelMap, Verdict, is_class
from defectstudio.domain.mentoring import Judgement
from defectstudio.domain.refinement import PanelAnswered
from defectstudio.ui.gestures import gesture_said
from defectstudio.ui.mentor_words import class_word, verdict_said
from defectstudio.ui.refine_words import label_word
from defectstudio.ui.translations import decimal, number
from defectstudio.ui.words import status_word, verdict_word


def _tr(text: str) -> str:
    return QCoreApplication.translate("Replay", text)


def lane_word(kind: int) -> str:
    """What a lane of the timeline holds."""
    return {
        TAGGED: _tr("Tags"),
        LABELLED: _tr("Label maps"),
        ANSWERED: _tr("Panels"),
        JUDGED: _tr("Verdicts"),
    }.get(kind, _tr("Other steps"))


def mark_said(mark: Mark) -> str:
    """A mark in full, for its tooltip."""
    text = _tr("Round {0} was trained on what stood here") if mark.kind == "round" else _tr("Run {0}")
    return text.format(mark.name)


def mark_short(mark: Mark) -> str:
    """A mark in few letters."""
    return _tr("R{0}").format(mark.name) if mark.kind == "round" else mark.name


def moment_said(at: float) -> str:
    """Date and time of day, with seconds."""
    moment = QDateTime.fromSecsSinceEpoch(int(at))
    date = QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat)
    return f"{date} {moment.time().toString('HH:mm:ss')}"


def part_said(part: Part) -> str:
    """A part of the journal, for the list of parts."""
    steps = QCoreApplication.translate("Replay", "%Ln step(s)", "", part.last - part.first + 1)
    when = moment_said(part.at)[:-3]
    match part.kind:
        case "all":
            return _tr("The whole journal · {0}").format(steps)
        case "session":
            return _tr("Session {0} · {1} · {2}").format(when, part.name, steps)
        case "round":
            return _tr("Panels of round {0} · {1} · {2}").format(part.name, when, steps)
        case "verdicts":
            return _tr("Verdicts on run {0} · {1} · {2}").format(part.name, when, steps)
        case "run":
            return _tr("Up to run {0} · {1} · {2}").format(part.name, when, steps)


def step_said(look: Look, count: int) -> str:
    """Which step it is, what was done, by whom and when."""
    if look.gesture is None:
        return _tr("Before the first step: the project is empty.")
    gesture = look.gesture
    parts = [_tr("Step {0} of {1}").format(number(look.step), number(count)), gesture_said(gesture.name)]
    if look.images > 1:
        parts.append(QCoreApplication.translate("Replay", "%Ln image(s)", "", look.images))
    parts += [gesture.author, moment_said(gesture.at)]
    if look.taken_back:
        parts.append(_tr("taken back by step {0}").format(number(look.taken_back)))
    return " · ".join(parts)


def image_facts(look: Look) -> list[str]:
    """What was known of the image after the step."""
    entry = look.entry
    if entry is None:
        return []
    tag = verdict_word(entry.tag.verdict)
    classes = ", ".join(class_word(look.classes, index) for index in entry.tag.classes)
    lines = [entry.info.name, f"{tag} ({classes})" if classes else tag, status_word(entry.status)]
    lines += pixels_said(look.labels, look.classes)
    if entry.notes:
        lines.append(QCoreApplication.translate("Replay", "%Ln note(s)", "", len(entry.notes)))
    return lines


def pixels_said(labels: LabelMap | None, classes: Mapping[int, DefectClass]) -> list[str]:
    """How much of a label map is of which class, a line each."""
    if labels is None:
        return [_tr("nothing drawn")]
    counts = np.bincount(labels.ravel(), minlength=256)
    found = [index for index in np.flatnonzero(counts).tolist() if is_class(index)]
    lines = [_tr("{0}: {1} pixels").format(class_word(classes, i), number(int(counts[i]))) for i in found]
    return lines or [_tr("no defect drawn")]


def answer_facts(answered: PanelAnswered, classes: Mapping[int, DefectClass]) -> list[str]:
    """The answer to a panel in words."""
    answer, panel = answered.answer, answered.panel
    ticked = [str((key + 1) % 10) for key, on in zip(_keys(answered), answer.ticked, strict=True) if on]
    lines = [_tr("ticked: {0}").format(" ".join(ticked)) if ticked else _tr("none is alike")]
    lines.append(_tr("anchor: {0}").format(label_word(answer.anchor_label, classes)))
    if answer.anchor_label != panel.anchor.label:
        lines.append(_tr("it was shown as {0}").format(label_word(panel.anchor.label, classes)))
    moved = sum(shift is not None for shift in answer.shifts)
    if moved:
        lines.append(QCoreApplication.translate("Replay", "%Ln centre(s) moved", "", moved))
    lines.append(_tr("after {0} s").format(decimal(answer.seconds, 1)))
    if panel.blind_of:
        lines.append(_tr("shown for the second time, without saying so"))
    if answered.expert:
        lines.append(_tr("answered by {0}").format(answered.expert))
    if not answered.present:
        lines.append(_tr("the answer was taken back here"))
    return lines


def _keys(answered: PanelAnswered) -> list[int]:
    """The number of the key of each candidate: positives stand above, negatives below."""
    panel = answered.panel
    return [*range(len(panel.positives)), *range(5, 5 + len(panel.negatives))]


def verdict_facts(judgement: Judgement, classes: Mapping[int, DefectClass]) -> list[str]:
    """The verdict on a detection in words."""
    detection = judgement.detection
    lines = [verdict_said(judgement.kind)]
    if judgement.kind == "other class":
        lines.append(class_word(classes, judgement.class_index))
    if detection.run:
        found = f"{class_word(classes, detection.class_index)} {decimal(detection.confidence, 2)}"
        lines += [_tr("found as {0}").format(found), _tr("by run {0}").format(detection.run)]
    lines.append(_tr("after {0} s").format(decimal(judgement.seconds, 1)))
    return lines


def project_facts(counts: Counts) -> list[str]:
    """What the project held after the step."""
    images = sum(counts.verdicts.values())
    lines = [QCoreApplication.translate("Replay", "%Ln image(s)", "", images)]
    lines += [f"{verdict_word(one)}: {number(counts.verdicts.get(one, 0))}" for one in Verdict]
    for text, count in (
        (_tr("answered panels: {0}"), counts.answers),
        (_tr("verdicts: {0}"), counts.judged),
        (_tr("runs: {0}"), counts.runs),
    ):
        if count:
            lines.append(text.format(number(count)))
    return lines
