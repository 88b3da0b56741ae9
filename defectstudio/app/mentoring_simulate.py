"""Verdicts without a person: an operator who answers from the label maps of another project with the same images."""

from __future__ import annotations

from collections import Counter

from defectstudio.data.project import Project
from defectstudio.domain.labels import ImageId, LabelMap, Verdict, effective_map
from defectstudio.domain.state import named_image
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.simulate_operator import SimulatedOperator


def judge_all(
    work: Mentoring, truth: Project, *, error: float = 0.0, seed: int = 0, most: int | None = None
) -> dict[str, int]:
    """Judge what waits, at most `most` detections; returns how often each verdict was given.

    An image in which everything was rejected, and which is good in truth, is called good. Raises DefectStudioError for
    an image that `truth` does not hold under the same name, or classes of other numbers.
    """
    project = work.session.project

    def true_map(image: ImageId) -> LabelMap:
        entry = truth.state.images[_same(truth, project, image)]
        drawn = truth.state.label_map(_same(truth, project, image))
        return effective_map(entry.tag, drawn, entry.shape)

    operator, counts = SimulatedOperator(true_map, error, seed), Counter[str]()
    touched: dict[ImageId, set[str]] = {}
    for _ in range(len(work.queue) if most is None else most):
        detection = work.current
        if detection is None:
            break
        said = operator.judge(detection)
        work.judge(said.kind, said.class_index)
        counts[said.kind] += 1
        touched.setdefault(detection.image, set()).add(said.kind)
    for image, kinds in touched.items():
        good = truth.state.images[_same(truth, project, image)].tag.verdict is Verdict.GOOD
        if good and kinds == {"rejected"}:
            work.part_is_good(image)
            counts["good"] += 1
    return dict(counts)


def _same(truth: Project, project: Project, image: ImageId) -> ImageId:
    return named_image(truth.state, project.state.images[image].info.name)
