"""A training process is killed with SIGKILL in mid-epoch; its run goes on and ends as if nothing had happened."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from defectstudio.app import workflows
from defectstudio.cli.main import run
from defectstudio.data.project import Project
from defectstudio.data.runs import WEIGHTS, default_config
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import GOOD
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session

CHANGES = {"height": 64, "width": 64, "threads": 1, "batch": 2, "precision": "32", "threshold_folds": 0}
CONFIG = default_config(epochs=3, finetune_epochs=6, **CHANGES)

TRAINER = """
import os, sys
from pathlib import Path

from defectstudio.app import workflows
from defectstudio.cli.main import run
from defectstudio.data.project import Project
from defectstudio.data.runs import TrainConfig
from defectstudio.domain.progress import CancelToken, finish

def tell(progress):
    if "Fine-tuning, epoch 4" in progress.text:
        os.write(1, b".")

with Project.open(Path(sys.argv[1])) as project:
    config = TrainConfig.model_validate_json(sys.argv[2])
    finish(workflows.train_job(project, config, run_id="killed")(CancelToken()), tell)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_killed_training_goes_on_and_ends_with_the_same_weights(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = session.project.folder
    then = session.project.journal.last_event
    session.project.close()
    command = [sys.executable, "-c", TRAINER, str(folder), CONFIG.model_dump_json()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.read(1) == b"."
        child.kill()

    with Project.open(folder) as project:
        assert [(record.id, record.status) for record in workflows.unfinished_runs(project)] == [("killed", "running")]
        assert "killed" not in project.state.runs
        # Labelling went on since: the run must not see it.
        Session(project).tag(project.present_images()[-2:], GOOD)
    assert run(["train", str(folder), "--resume", "killed", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["run"], said["status"]) == ("killed", "finished")

    with Project.open(folder) as project:
        assert list(project.state.runs) == ["killed"]
        assert workflows.runs(project)[0].event == then
        with pytest.raises(DefectStudioError, match="no unfinished run"):
            workflows.resume_job(project, "killed")
        whole = uninterrupted(project, then)
    assert (folder / "runs" / "killed" / WEIGHTS).read_bytes() == whole


def uninterrupted(project: Project, event: int) -> bytes:
    """The weights of the same training without a break."""
    from defectstudio.data.past import snapshot_at
    from defectstudio.learning.recording import train

    pool = workflows.training_images(snapshot_at(project, event), ("train",))
    finish(train(CONFIG, pool, project.folder / "whole", cache=project.cache_folder)(CancelToken()))
    return (project.folder / "whole" / WEIGHTS).read_bytes()


def test_an_unfinished_run_can_be_thrown_away(session: Session) -> None:
    project = session.project
    job = workflows.train_job(project, CONFIG, run_id="half")(CancelToken())
    while "epoch 2" not in next(job).text:
        pass
    job.close()
    workflows.discard_run(project, "half")
    assert not (project.runs_folder / "half").exists()
    with pytest.raises(DefectStudioError, match="not there"):
        workflows.discard_run(project, "half")
