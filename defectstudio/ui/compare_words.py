"""How figures and differences of compared runs are said: percent with the ends of the interval, and who is better."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt

from defectstudio.app.compared import ComparedRun, Comparison, Difference, DifferingImage, Estimate
from defectstudio.domain.labels import Verdict
from defectstudio.ui.chart import Line
from defectstudio.ui.panels.train_words import groups
from defectstudio.ui.translations import decimal, number
from defectstudio.ui.words import split_word, verdict_word

LONGEST = 26
LEGEND = 40
"""Letters for which a legend has room."""
_STYLES = (
    ("#0072B2", "#56B4E9", Qt.PenStyle.SolidLine),
    ("#B04A00", "#E69F00", Qt.PenStyle.DashLine),
    ("#12714a", "#56c892", Qt.PenStyle.DotLine),
    ("#7A3E9D", "#CC9BE8", Qt.PenStyle.DashDotLine),
)


def _say(text: str) -> str:
    return QCoreApplication.translate("Comparison", text)


def shortened(title: str, longest: int = LONGEST) -> str:
    """A name that leaves room for others."""
    return title if len(title) <= longest else f"{title[: longest - 1]}…"


def run_lines(runs: Sequence[ComparedRun], *, percent: bool) -> tuple[Line, ...]:
    """The lines of the runs in a chart: colour and dash tell them apart, and their names share the legend."""
    longest = LEGEND // len(runs)
    return tuple(
        Line(run.run, shortened(run.title, longest), *style, percent) for run, style in zip(runs, _STYLES, strict=False)
    )


def points(value: float) -> str:
    """A difference of figures in percentage points, always with its sign."""
    return f"{'+' if value >= 0 else '−'}{decimal(abs(100 * value), 1)}"


def with_interval(one: Estimate) -> str:
    """A figure in percent with the ends of its interval."""
    if one.value is None:
        return "–"
    value = decimal(100 * one.value, 1)
    if one.low is None or one.high is None:
        return value
    return f"{value}  ({decimal(100 * one.low, 1)}–{decimal(100 * one.high, 1)})"


def differences_said(comparison: Comparison) -> list[str]:
    """One sentence for each pair and figure, as HTML: who is better, by how much, how sure is that."""
    titles = {run.run: f"<b>{html.escape(run.title)}</b>" for run in comparison.runs}
    sentences = []
    for pair in comparison.differences:
        for name, one in (("AP", pair.ap), (_say("Pixel AP"), pair.pixel_ap)):
            if one.value is not None:
                sentences.append(_sentence(pair, titles, name, one, one.value))
    return sentences


def _sentence(pair: Difference, titles: dict[str, str], name: str, one: Estimate, value: float) -> str:
    first, second = titles[pair.first], titles[pair.second]
    better, worse = (second, first) if value >= 0 else (first, second)
    if not one.clear:
        low, high = (points(end) if end is not None else "–" for end in (one.low, one.high))
        text = _say("No clear difference in {0} between {1} and {2}: {3} points ({4} to {5}).")
        return text.format(name, first, second, points(value), low, high)
    ends = sorted(abs(100 * end) for end in (one.low, one.high) if end is not None)
    low, high = (decimal(end, 1) for end in ends)
    text = _say("{0} is better than {1} in {2} by {3} points ({4} to {5}).")
    return text.format(better, worse, name, decimal(abs(100 * value), 1), low, high)


def compared_on(comparison: Comparison) -> str:
    """On what the runs are compared, in a line."""
    where = _say("all splits") if comparison.split is None else _say("split {0}").format(split_word(comparison.split))
    text = _say("{0} images of {1}, {2} of them defective; 95 % intervals in brackets.")
    return text.format(number(comparison.images), where, number(comparison.defective))


def left_out(comparison: Comparison) -> list[str]:
    """Which images do not count, and why."""
    reasons = (
        (comparison.trained_on, _say("{0} images trained one of these runs and do not count.")),
        (comparison.unpredicted, _say("{0} images lack a prediction of one run and do not count.")),
        (comparison.unreviewed, _say("{0} images have no tag and do not count: unreviewed is not good.")),
    )
    return [text.format(number(count)) for count, text in reasons if count]


def setting_word(name: str) -> str:
    """A setting or circumstance of a run in the user's language, as the Train panel calls it."""
    package = name.removeprefix("version of ")
    if package != name:
        return _say("Version of {0}").format(package)
    words = {
        "training images": _say("Training images"),
        "masks": _say("Masks"),
        "labels as of event": _say("Labels as of step"),
        "classes": _say("Classes"),
        "net": _say("Network"),
        "epochs": _say("Epochs"),
        "seed": _say("Seed"),
        "threshold from": _say("Threshold from"),
        "device": _say("Device"),
    }
    settings = {field: one.label for group in groups().values() for field, one in group.items()}
    return words.get(name) or settings.get(name, name)


def verdict_of(image: DifferingImage) -> Verdict:
    """What a person said of an image."""
    return Verdict(image.truth)


def call_said(image: DifferingImage, place: int, run: str) -> str:
    """What one run says of an image, and whether it is right."""
    called = _say("calls it defective") if image.called[place] else _say("calls it good")
    said = f"{decimal(image.scores[place], 2)}, {called}"
    if image.truth == "unlabelled":
        return said
    return f"{said}: {_say('right') if run in image.right else _say('wrong')}"


def image_said(image: DifferingImage, runs: Sequence[str], titles: Sequence[str]) -> str:
    """An image of the strip for screen readers and as a tip."""
    calls = [f"{title} {call_said(image, k, run)}" for k, (run, title) in enumerate(zip(runs, titles, strict=True))]
    return "; ".join([f"{image.name}, {verdict_word(verdict_of(image))}", *calls])
