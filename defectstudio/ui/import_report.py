"""What an import would bring, as a small page: counts by split, classes, findings (the worst first)."""

from __future__ import annotations

import html

from PySide6.QtCore import QCoreApplication

from defectstudio.data.exchange.preview import Preview
from defectstudio.data.exchange.registry import FORMATS
from defectstudio.domain.labels import Verdict
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import number
from defectstudio.ui.words import split_word, verdict_word

MOST_FINDINGS = 40
COLUMNS = (Verdict.GOOD, Verdict.DEFECTIVE, Verdict.UNLABELLED)


def report_html(found: Preview) -> str:
    """The page."""
    translate = QCoreApplication.translate
    titles = {form.name: form.title for form in FORMATS}
    head = [
        f"<b>{translate('ImportReport', '%Ln image(s)', '', found.images)}</b>",
        html.escape(titles.get(found.format, found.format)),
        translate("ImportReport", "{0} with a mask").format(number(found.with_mask)),
    ]
    if found.left_out:
        head.append(translate("ImportReport", "{0} cannot be read").format(number(len(found.left_out))))
    parts = [f"<p>{' · '.join(head)}</p>", _counts_table(found)]
    if found.classes:
        shown = ", ".join(f"{html.escape(name)} ({number(count)})" for name, count in found.classes.items())
        parts.append(f"<p><b>{translate('ImportReport', 'Classes')}</b>&nbsp; {shown}</p>")
    return "".join([*parts, _findings(found)])


def _counts_table(found: Preview) -> str:
    muted = theme().colors.muted
    heads = "".join(f"<td align='right' style='color:{muted}'>{verdict_word(verdict)}</td>" for verdict in COLUMNS)
    split_head = QCoreApplication.translate("ImportReport", "Split")
    rows = [f"<tr><td style='color:{muted}'>{split_head}</td>{heads}</tr>"]
    for split, counts in sorted(found.counts.items()):
        cells = "".join(f"<td align='right'>{number(counts.get(verdict.value, 0))}</td>" for verdict in COLUMNS)
        rows.append(f"<tr><td>{html.escape(split_word(split))}</td>{cells}</tr>")
    return f"<table cellpadding='4' cellspacing='0' width='70%'>{''.join(rows)}</table>"


def _findings(found: Preview) -> str:
    translate, colors = QCoreApplication.translate, theme().colors
    kinds = {
        "error": (translate("ImportReport", "Error"), colors.defective),
        "warning": (translate("ImportReport", "Warning"), colors.warning),
        "note": (translate("ImportReport", "Note"), colors.muted),
    }
    rows = sorted(found.findings, key=lambda finding: list(kinds).index(finding.severity))
    lines = []
    for row in rows[:MOST_FINDINGS]:
        word, tone = kinds[row.severity]
        lines.append(f"<p><span style='color:{tone}'><b>{word}</b></span>&nbsp; {html.escape(row.text)}</p>")
    if len(rows) > MOST_FINDINGS:
        rest = translate("ImportReport", "… and %Ln more.", "", len(rows) - MOST_FINDINGS)
        lines.append(f"<p>{rest}</p>")
    return "".join(lines) or f"<p>{translate('ImportReport', 'Nothing unusual was found.')}</p>"
