"""A training from verdicts is a run like any other: recorded, and taken up where it was interrupted."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.runs import CHECKPOINT, default_config, read_run
from defectstudio.domain.errors import Cancelled
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.recording import resume, train
from defectstudio.learning.recording_mentored import mentor
from tests.learning.test_mentored import FAST, domains


def test_an_interrupted_training_from_verdicts_goes_on_and_names_what_it_came_from(tmp_path: Path) -> None:
    snapshot, new = domains(old=4, new=2)
    config = default_config(**{**FAST, "epochs": 1}, threshold_folds=0)
    finish(train(config, snapshot.where(lambda i: i.id not in new), tmp_path / "base")(CancelToken()))
    settings = MentorSettings(epochs=3, batch=4, dann=True)

    def job(name: str) -> object:
        return mentor(settings, tmp_path / "base", snapshot, new, tmp_path / name, verdicts=("b", "a"))

    finish(job("whole")(CancelToken()))  # type: ignore[operator]
    token = CancelToken()
    with pytest.raises(Cancelled):
        for step in job("broken")(token):  # type: ignore[operator]
            if step.values.get("epoch") == 1:
                token.cancel()
    assert read_run(tmp_path / "broken").status == "stopped"
    assert (tmp_path / "broken" / CHECKPOINT).is_file()
    record = finish(resume(tmp_path / "broken", snapshot)(CancelToken()))
    assert record.status == "finished"
    assert record.mentoring is not None
    assert (record.mentoring.base, record.mentoring.verdicts) == ("base", ("a", "b"))
    assert set(record.mentoring.mentored) == new
    one, other = (load_model(tmp_path / name).net.state_dict() for name in ("whole", "broken"))
    assert one.keys() == other.keys()
    assert max(float((one[key].float() - other[key].float()).abs().max()) for key in one) < 1e-5
