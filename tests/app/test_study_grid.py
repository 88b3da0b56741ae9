"""Grids and ablations: which jobs they make, what each job trains and tests on, and what is refused ahead of work."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectstudio.app.study_ablation import SUPERVISION, ablation_grid
from defectstudio.app.study_grid import (
    Grid,
    TrainArguments,
    arguments_of,
    divide,
    grid_plan,
    masks,
    parse_vary,
    read_grid,
    settings_of,
)
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from tests.learning.generated import spots

TOML = """
name = "nets"
seeds = [0, 1]
folds = 2
[base]
epochs = 1
[vary]
net = ["fast", "segdec"]
segmented = [0, "25%", "all"]
[[settings]]
label = "stop"
[[settings]]
label = "flow"
gradient_stop = "never"
"""


def data(split: str = "train") -> Snapshot:
    """Eight good and eight defective images in four groups; the last four of each are in split "test"."""
    from dataclasses import replace

    made = spots(8, 8, masks=8)
    images = tuple(
        replace(image, group=str(n % 4), split="test" if n % 8 >= 4 else split) for n, image in enumerate(made.images)
    )
    return replace(made, images=images)


def test_a_grid_file_multiplies_settings_values_and_seeds(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(TOML)
    grid = read_grid(tmp_path / "study.toml")
    settings = settings_of(grid)
    assert list(settings)[:3] == [
        "stop net=fast segmented=0",
        "stop net=fast segmented=25%",
        "stop net=fast segmented=all",
    ]
    assert len(settings) == 12
    assert settings["flow net=segdec segmented=0"] == {
        "epochs": 1,
        "gradient_stop": "never",
        "net": "segdec",
        "segmented": 0,
    }
    plan = grid_plan(grid, data())
    assert (plan.name, len(plan.jobs)) == ("nets", 12 * 2 * 2)
    assert {(job.repeat, job.part) for job in plan.jobs} == {(0, "0"), (0, "1"), (1, "0"), (1, "1")}


def test_json_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text('{"seeds": [3], "folds": "splits", "vary": {"p": [1, 2]}}')
    assert read_grid(tmp_path / "study.json") == Grid(seeds=[3], folds="splits", vary={"p": [1, 2]})


@pytest.mark.parametrize(
    ("text", "says"), [("seeds = [", "understood"), ("colour = 1", "colour"), ("seeds = []", "seeds")]
)
def test_a_grid_that_is_wrong_says_where(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(text)
    with pytest.raises(DefectStudioError, match=says):
        read_grid(tmp_path / "study.toml")
    with pytest.raises(DefectStudioError, match="cannot be read"):
        read_grid(tmp_path / "nothing.toml")


def test_values_given_by_options_are_numbers_lists_or_words() -> None:
    assert parse_vary(["net=fast,segdec", "segmented=0,5,all", "strides=[4,8],[4,8,16]", "augment=true,false"]) == {
        "net": ["fast", "segdec"],
        "segmented": [0, 5, "all"],
        "strides": [[4, 8], [4, 8, 16]],
        "augment": [True, False],
    }
    with pytest.raises(DefectStudioError, match="names no values"):
        parse_vary(["net"])


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ({"lr": [1e-3, -1]}, "lr"),
        ({"colour": ["red"]}, "colour"),
        ({"preset": ["ksdd", "mvtec"]}, "mvtec"),
        ({"segmented": ["most"]}, "most"),
        ({"segmented": ["140%"]}, "140%"),
    ],
)
def test_a_wrong_setting_is_named_before_any_job_begins(vary: dict[str, list[object]], says: str) -> None:
    with pytest.raises(DefectStudioError, match=says):
        grid_plan(Grid(vary=vary), data())


def test_shares_of_masks_are_rounded() -> None:
    assert (masks("25%", 33), masks("100%", 7), masks("0%", 7), masks(5, 2), masks("all", 7)) == (8, 7, 0, 5, None)


def test_a_preset_is_where_the_settings_start_from() -> None:
    arguments = arguments_of(Grid(), {"preset": "ksdd", "segmented": 0, "height": 352, "width": 128}, 4, "test")
    config = arguments.config()
    assert (config.lr, config.delta, config.height, config.seed) == (0.01, 1, 352, 4)  # the row for tags alone
    assert TrainArguments.model_validate(arguments.model_dump(mode="json")).config() == config


def test_folds_hold_out_every_training_image_once_and_cut_no_group() -> None:
    snapshot, grid = data(), Grid(folds=2)
    plan = grid_plan(grid, snapshot)
    held: list[int] = []
    for job in plan.jobs:
        training, test = divide(snapshot, TrainArguments.model_validate(job.arguments))
        assert not {i.group for i in training.images} & {i.group for i in test.images}
        assert {i.split for i in (*training.images, *test.images)} == {"train"}
        held += [image.id for image in test.images]
    assert sorted(held) == [image.id for image in snapshot.images if image.split == "train"]


def test_the_projects_own_splits_can_be_the_folds() -> None:
    snapshot = data()
    plan = grid_plan(Grid(folds="splits"), snapshot)
    assert [job.part for job in plan.jobs] == ["test", "train"]
    training, test = divide(snapshot, TrainArguments.model_validate(plan.jobs[0].arguments))
    assert ({i.split for i in training.images}, {i.split for i in test.images}) == ({"train"}, {"test"})


def test_without_folds_the_test_split_is_held_out() -> None:
    snapshot = data()
    plan = grid_plan(Grid(), snapshot)
    training, test = divide(snapshot, TrainArguments.model_validate(plan.jobs[0].arguments))
    assert (len(training.images), len(test.images)) == (8, 8)
    with pytest.raises(DefectStudioError, match="No tagged image is in the split holdout"):
        grid_plan(Grid(test="holdout"), snapshot)
    with pytest.raises(DefectStudioError, match="both train and test"):
        grid_plan(Grid(test="train"), snapshot)
    with pytest.raises(DefectStudioError, match="groups"):
        grid_plan(Grid(folds=9), snapshot)


def test_labels_and_settings_name_a_job_and_nothing_else_does() -> None:
    once, again = grid_plan(Grid(name="a"), data()), grid_plan(Grid(name="b"), data())
    assert [job.id for job in once.jobs] == [job.id for job in again.jobs]
    relabelled = spots(8, 8, masks=7)
    assert grid_plan(Grid(folds=2), spots(8, 8, masks=8)).jobs[0].id != grid_plan(Grid(folds=2), relabelled).jobs[0].id


def test_the_ablation_has_the_lines_of_table_4() -> None:
    grid = ablation_grid({"preset": "ksdd", "epochs": 1}, seeds=[0, 1], folds=2)
    settings = settings_of(grid)
    assert [name for name in settings if name.startswith("full")] == [
        "full: none",
        "full: balance",
        "full: balance + gradient",
        "full: balance + distance",
        "full: gradient + distance",
        "full: balance + gradient + distance",
    ]
    for name, setting in settings.items():
        config = arguments_of(grid, setting, 0, "0").config()
        kind, _, on = name.partition(": ")
        assert setting["segmented"] == SUPERVISION[kind]
        assert bool(config.dynamic_balance) == ("balance" in on)
        assert (config.gradient_stop == "always") == ("gradient" in on)
        assert config.distance_weights == ("distance" in on)
        assert config.lr == (0.01 if kind == "weak" else 1.0)


def test_all_combinations_are_eight_where_there_are_masks() -> None:
    settings = settings_of(ablation_grid({"preset": "dagm"}, combinations="all"))
    kinds = [name.split(":")[0] for name in settings]
    assert (kinds.count("full"), kinds.count("mixed")) == (8, 8)
    with pytest.raises(DefectStudioError, match="no supervision strong"):
        ablation_grid({}, supervision=["strong"])
