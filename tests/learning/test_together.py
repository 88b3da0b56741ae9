"""Several processes that train one detector: shares of a batch, and the same weights as one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
import torch
from lightning_fabric import Fabric
from safetensors.torch import load_file

from defectstudio.cli.main import run
from defectstudio.data.runs import WEIGHTS, RunRecord, default_config, read_run
from defectstudio.data.synthetic import generate
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.devices import launch_fabric
from defectstudio.learning.hardware import is_first
from defectstudio.learning.model import build
from defectstudio.learning.together import PeerLost, Together

ROOT = Path(__file__).parents[2]


class Peers:
    """A fabric of `count` processes of which the others hold `theirs`: what they add to every sum, or an error."""

    def __init__(self, count: int, rank: int, theirs: float | Exception = 0.0) -> None:
        self.world_size, self.global_rank, self.theirs = count, rank, theirs
        self.device = torch.device("cpu")

    def all_reduce(self, tensor: torch.Tensor, reduce_op: str) -> torch.Tensor:
        assert reduce_op == "sum"
        if isinstance(self.theirs, Exception):
            raise self.theirs
        return tensor + self.theirs


def together(count: int = 2, rank: int = 0, theirs: float | Exception = 0.0) -> Together:
    return Together(cast(Fabric, Peers(count, rank, theirs)))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_shares_cover_a_batch_once_and_weigh_what_they_hold(size: int, count: int) -> None:
    shares = [together(count, rank).share(size) for rank in range(count)]
    held = [list(range(size))[part] for part, weight in shares if weight]
    assert sorted(index for part in held for index in part) == list(range(size))
    assert sum(weight for _, weight in shares) == pytest.approx(1)
    assert all(weight == pytest.approx((part.stop - part.start) / size) for part, weight in shares if weight)
    assert all(part == slice(0, 1) for part, weight in shares if not weight)


def test_gradients_are_summed_and_a_parameter_without_any_keeps_none() -> None:
    frozen, learning, idle = (torch.nn.Parameter(torch.zeros(2)) for _ in range(3))
    frozen.requires_grad_(False)
    learning.grad = torch.tensor([1.0, 2.0])
    together(theirs=0.0).gradients([frozen, learning, idle])
    assert frozen.grad is None
    assert learning.grad.tolist() == [1.0, 2.0]
    assert idle.grad is None
    together(theirs=1.0).gradients([frozen, learning, idle])
    assert learning.grad.tolist() == [2.0, 3.0]
    assert idle.grad is not None  # the other process has one
    assert idle.grad.tolist() == [1.0, 1.0]


def test_all_stop_when_one_is_to_stop() -> None:
    together(theirs=0.0).check(CancelToken())
    token = CancelToken()
    with pytest.raises(Cancelled):
        together(theirs=1.0).check(token)
    assert token.cancelled


def test_a_process_that_lost_the_others_says_so() -> None:
    with pytest.raises(PeerLost, match="ended before its time") as caught:
        together(theirs=RuntimeError("Connection closed by peer")).values({"loss": 1.0})
    assert "--resume" in caught.value.hint


def test_the_first_process_is_known_by_what_its_starter_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "SLURM_PROCID", "NODE_RANK", "GROUP_RANK", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    assert is_first()
    monkeypatch.setenv("LOCAL_RANK", "0")
    assert is_first()
    monkeypatch.setenv("NODE_RANK", "1")
    assert not is_first()
    monkeypatch.setenv("RANK", "0")
    assert is_first()


def test_a_batch_smaller_than_the_devices_is_refused() -> None:
    with pytest.raises(DefectStudioError, match="batch of 1 cannot be shared by 2") as caught:
        launch_fabric(default_config("segdec"), 2)
    assert "--set batch=2" in caught.value.hint


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("together")
    source = finish(generate(folder / "parts", train=(5, 7), test=(3, 4), seed=0))
    assert run(["import", str(folder / "project"), str(source)]) == 0
    return folder / "project"


SMALL = ["--set", "height=64", "--set", "width=64", "--set", "threads=1", "--set", "precision=32", "--json"]
Trained = tuple[RunRecord, dict[str, torch.Tensor]]


def outcome(project: Path, out: str) -> Trained:
    """The record and the weights that a training by command has left."""
    (line,) = out.splitlines()  # of several processes the first speaks alone
    folder = project / "runs" / json.loads(line)["run"]
    return read_run(folder), load_file(folder / WEIGHTS)


def by_two_processes(project: Path, *options: str) -> Trained:
    """As a user starts it: one command, which starts the other process."""
    command = [sys.executable, "-m", "defectstudio", "train", str(project), *SMALL, *options, "--devices", "2"]
    launched = {name: value for name, value in os.environ.items() if "RANK" not in name and "MASTER" not in name}
    done = subprocess.run(command, cwd=ROOT, env=launched, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return outcome(project, done.stdout)


def test_two_processes_learn_what_one_does_with_the_whole_batch(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # 14 images in batches of 9: shares of 4 and 5, then of 2 and 3. In 32 bit, rounding alone sets two trainings apart
    # after some steps (maxima change places), with 64 bit they agree to 1e-15: so two steps are compared.
    options = ("--net", "segdec", "--epochs", "1", "--set", "batch=9", "--set", "dilation=1", "--set", "precision=32")
    capsys.readouterr()
    assert run(["train", str(project), *SMALL, *options]) == 0
    one, alone = outcome(project, capsys.readouterr().out)
    two, shared = by_two_processes(project, *options)
    assert (two.status, two.images, two.config) == (one.status, one.images, one.config)
    untrained = build(one.config).state_dict()
    assert max(float((alone[name] - untrained[name]).abs().max()) for name in alone) > 1e-3
    assert max(float((alone[name] - shared[name]).abs().max()) for name in alone) < 5e-5


@pytest.mark.slow
def test_two_processes_train_heads_that_normalise_over_their_shares(project: Path) -> None:
    record, weights = by_two_processes(project, "--epochs", "2", "--set", "batch=4")
    assert record.status == "finished"
    assert all(bool(torch.isfinite(value).all()) for value in weights.values())
    assert len(list((project / "cache" / "features").rglob("*.f16"))) == 19
