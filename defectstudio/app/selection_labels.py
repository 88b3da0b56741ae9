"""Which tags to look at again: those that contradict their own masks, those that the other images of the same part
outvote, and those that an unbiased model contradicts."""

from __future__ import annotations

from collections import Counter

from defectstudio.acquisition.calibration import calibrate_folds
from defectstudio.acquisition.label_errors import contradiction, empty_masks, outvoted, worst_first
from defectstudio.app.selection_models import Suspect, SuspectKind
from defectstudio.app.selection_store import Scoring, read_scoring
from defectstudio.data.maps import TILE
from defectstudio.data.project import Project
from defectstudio.domain.labels import ImageId, Verdict
from defectstudio.domain.state import ImageState

EMPTY, MODEL = "and its whole label map is healthy", "yet a model that never saw it gives {:.2f}"
MOST = 2 / 3
"""Share of a group's other images from which on they outvote one."""


def suspects(project: Project) -> list[Suspect]:
    """Doubtful tags, worst first: empty masks, then what its group outvotes, then what the newest scoring contradicts.

    A tag that a person confirmed is left out, and so is one that was changed since the scoring.
    """
    states = {image: project.state.images[image] for image in project.present_images()}
    scoring = read_scoring(project.cache_folder)
    p = {} if scoring is None else dict(zip(scoring.ids.tolist(), scoring.p_defect.tolist(), strict=True))
    sums = project.journal.tile_sums()
    worst = [] if scoring is None else _contradicted(scoring, states, {image for image in sums if sums[image][2]})
    found = [_suspect(states[image], image, p.get(image), "empty mask", EMPTY) for image in _empty(sums, states)]
    found += [
        _suspect(states[image], image, p.get(image), "group", why) for image, why in _outvoted(states, dict(worst))
    ]
    found += [_suspect(states[image], image, p[image], "model", MODEL.format(p[image])) for image, _ in worst]
    first: dict[ImageId, Suspect] = {}
    for suspect in found:
        if not states[suspect.image].stands:
            first.setdefault(suspect.image, suspect)
    return list(first.values())


def _outvoted(states: dict[ImageId, ImageState], against: dict[ImageId, float]) -> list[tuple[ImageId, str]]:
    """Images that most others of their group outvote, with the count; of equal shares the model's worst first."""
    tagged = {image: entry for image, entry in states.items() if entry.tag.verdict is not Verdict.UNLABELLED}
    groups = [entry.placement.group for entry in tagged.values()]
    share = outvoted([entry.tag.verdict is Verdict.DEFECTIVE for entry in tagged.values()], groups)
    sizes = Counter(groups)
    rows = []
    for (image, entry), group, value in zip(tagged.items(), groups, share.tolist(), strict=True):
        if value >= MOST:
            others = sizes[group] - 1
            other = Verdict.GOOD if entry.tag.verdict is Verdict.DEFECTIVE else Verdict.DEFECTIVE
            why = f"yet {round(value * others)} of {others} other images of its group are tagged {other.value}"
            rows.append((-value, -against.get(image, 0.0), image, why))
    return [(image, why) for *_, image, why in sorted(rows)]


def _empty(sums: dict[ImageId, tuple[int, int, int]], states: dict[ImageId, ImageState]) -> list[ImageId]:
    """Defective images whose label map is complete and shows no defect."""
    drawn = [image for image in states if image in sums and _complete(states[image], sums[image][0])]
    defective = [states[image].tag.verdict is Verdict.DEFECTIVE for image in drawn]
    empty = empty_masks(defective, [sums[i][2] for i in drawn], [sums[i][1] for i in drawn])
    return [image for image, found in zip(drawn, empty.tolist(), strict=True) if found]


def _complete(entry: ImageState, tiles: int) -> bool:
    rows, columns = (-(-side // TILE) for side in entry.shape)
    return tiles == rows * columns


def _contradicted(
    scoring: Scoring, states: dict[ImageId, ImageState], drawn: set[ImageId]
) -> list[tuple[ImageId, float]]:
    """Images whose tag the models contradict, the worst first, and how strongly. `drawn`: where a defect is drawn."""
    calibrated = calibrate_folds(scoring.p_defect, scoring.defective, scoring.fold)
    against = contradiction(calibrated, scoring.defective)
    ids = scoring.ids.tolist()
    return [
        (ids[row], float(against[row]))
        for row in worst_first(against, scoring.defective, [image in drawn for image in ids]).tolist()
        if _same_tag(states.get(ids[row]), bool(scoring.defective[row]))
    ]


def _same_tag(entry: ImageState | None, defective: bool) -> bool:
    wanted = Verdict.DEFECTIVE if defective else Verdict.GOOD
    return entry is not None and entry.tag.verdict is wanted


def _suspect(entry: ImageState, image: ImageId, p: float | None, kind: SuspectKind, why: str) -> Suspect:
    tag = entry.tag.verdict.value
    known = None if p is None else round(p, 6)
    return Suspect(image=image, name=entry.info.name, tag=tag, p_defect=known, kind=kind, reason=f"tagged {tag}, {why}")
