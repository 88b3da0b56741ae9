"""Which tags to look at again: those that contradict their own masks, and those that an unbiased model contradicts."""

from __future__ import annotations

import numpy as np

from defectstudio.acquisition.calibration import calibrate_folds
from defectstudio.acquisition.label_errors import contradiction, empty_masks
from defectstudio.app.selection_models import Suspect
from defectstudio.app.selection_store import Scoring, read_scoring
from defectstudio.data.maps import TILE
from defectstudio.data.project import Project
from defectstudio.domain.labels import ImageId, Verdict
from defectstudio.domain.state import ImageState


def suspects(project: Project) -> list[Suspect]:
    """Doubtful tags, worst first: empty masks, then what the newest scoring contradicts with confidence.

    A tag that a person confirmed is left out, and so is one that was changed since the scoring.
    """
    states = {image: project.state.images[image] for image in project.present_images()}
    scoring = read_scoring(project.cache_folder)
    p = {} if scoring is None else dict(zip(scoring.ids.tolist(), scoring.p_defect.tolist(), strict=True))
    empty = [image for image in _empty(project, states) if not states[image].stands]
    found = [_suspect(states[image], image, p.get(image), empty=True) for image in empty]
    if scoring is not None:
        worst = _contradicted(scoring, states)
        shown = set(empty)
        found += [_suspect(states[image], image, value, empty=False) for image, value in worst if image not in shown]
    return found


def _empty(project: Project, states: dict[ImageId, ImageState]) -> list[ImageId]:
    """Defective images whose label map is complete and shows no defect."""
    sums = project.journal.tile_sums()
    drawn = [image for image in states if image in sums and _complete(states[image], sums[image][0])]
    defective = [states[image].tag.verdict is Verdict.DEFECTIVE for image in drawn]
    empty = empty_masks(defective, [sums[i][2] for i in drawn], [sums[i][1] for i in drawn])
    return [image for image, found in zip(drawn, empty.tolist(), strict=True) if found]


def _complete(entry: ImageState, tiles: int) -> bool:
    rows, columns = (-(-side // TILE) for side in entry.shape)
    return tiles == rows * columns


def _contradicted(scoring: Scoring, states: dict[ImageId, ImageState]) -> list[tuple[ImageId, float]]:
    """Images whose tag the models contradict, worst first, with P(defect) out of fold."""
    calibrated = calibrate_folds(scoring.p_defect, scoring.defective, scoring.fold)
    against = contradiction(calibrated, scoring.defective)
    order = np.argsort(-against, kind="stable")
    return [
        (image, float(scoring.p_defect[row]))
        for row in order[against[order] > 0].tolist()
        if _same_tag(states.get(image := int(scoring.ids[row])), bool(scoring.defective[row]))
    ]


def _same_tag(entry: ImageState | None, defective: bool) -> bool:
    wanted = Verdict.DEFECTIVE if defective else Verdict.GOOD
    return entry is not None and entry.tag.verdict is wanted and not entry.stands


def _suspect(entry: ImageState, image: ImageId, p: float | None, *, empty: bool) -> Suspect:
    said = f"tagged {entry.tag.verdict.value}"
    why = "and its whole label map is healthy" if empty else f"yet a model that never saw it gives {p:.2f}"
    return Suspect(
        image=image,
        name=entry.info.name,
        tag=entry.tag.verdict.value,
        p_defect=None if p is None else round(p, 6),
        kind="empty mask" if empty else "model",
        reason=f"{said}, {why}",
    )
