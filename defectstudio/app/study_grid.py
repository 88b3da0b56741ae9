"""A grid of training settings x seeds x folds, from a file (TOML or JSON) or from options, and its jobs.

    name = "nets"
    seeds = [0, 1, 2]
    folds = 3                      # 0: train on `splits`, test on `test`; "splits": each split is held out in turn
    [base]
    epochs = 12
    [vary]                         # every combination
    net = ["fast", "segdec"]
    segmented = [0, 5, "25%", "all"]
    [[settings]]                   # instead of, or times, what varies: settings named one by one
    label = "no stop"
    gradient_stop = "never"

Every name is a training setting but three: `segmented` (how many masks training may use: a number, "25%" of those
there are, "all", or "list:NAME" for a published list), `preset` (published settings to start from), and `label`.
"""

from __future__ import annotations

import itertools
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from defectstudio.app.study import StudyJob, StudyPlan, labels_digest, make_job, make_plan
from defectstudio.app.workflows import training_images
from defectstudio.data.presets import preset_config
from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.data.splits import make_folds
from defectstudio.domain.errors import DefectStudioError

FUNCTION = "defectstudio.app.study_train:train_and_measure"
ALL = "all"


class Grid(BaseModel):
    """What a study varies; see the head of this module."""

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    seeds: list[int] = Field(default=[0], min_length=1)
    folds: int | Literal["splits"] = 0
    fold_seed: int = Field(default=0, ge=0)
    splits: list[str] = ["train"]
    test: str = "test"
    base: dict[str, Any] = {}
    vary: dict[str, list[Any]] = {}
    settings: list[dict[str, Any]] = []


class TrainArguments(BaseModel):
    """The arguments of one training job, as JSON: `changes` on top of the preset or the network's defaults."""

    model_config = ConfigDict(extra="forbid")

    changes: dict[str, Any]
    preset: str = ""
    segmented: int | str = ALL
    folds: int | Literal["splits"] = 0
    fold_seed: int = 0
    splits: list[str] = ["train"]
    held_out: str
    """The fold, or the split, that tests."""

    def config(self) -> TrainConfig:
        """The training configuration. Raises DefectStudioError naming what is wrong with it."""
        changes = dict(self.changes)
        if not self.preset:
            return default_config(changes.pop("net", "fast"), **changes)
        return preset_config(self.preset, segmented=0 if self.segmented == 0 else None, **changes)


def read_grid(path: Path) -> Grid:
    """A grid file. Raises DefectStudioError naming what is wrong with it."""
    hint = "Write TOML or JSON; the handbook's page on studies shows one."
    try:
        text = path.read_text(encoding="utf-8")
        return Grid.model_validate(json.loads(text) if path.suffix == ".json" else tomllib.loads(text))
    except OSError as error:
        raise DefectStudioError(f"The grid {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise DefectStudioError(f"The grid {path.name} is not one: {where}: {first['msg']}.", hint=hint) from error
    except ValueError as error:
        raise DefectStudioError(f"The grid {path.name} cannot be understood: {error}.", hint=hint) from error


def parse_value(text: str) -> Any:
    """JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def parse_vary(options: Iterable[str]) -> dict[str, list[Any]]:
    """`net=fast,segdec` -> {"net": ["fast", "segdec"]}. Raises DefectStudioError for anything else."""
    varied: dict[str, list[Any]] = {}
    for option in options:
        name, equals, values = option.partition("=")
        if not equals or not name or not values:
            raise DefectStudioError(f"--vary {option} names no values.", hint="Write --vary name=value,value.")
        whole = parse_value(f"[{values}]")
        varied[name] = whole if isinstance(whole, list) else [parse_value(value) for value in values.split(",")]
    return varied


def settings_of(grid: Grid) -> dict[str, dict[str, Any]]:
    """Each setting of a grid by its label: the base, one of the named settings, one value of each that varies.

    Raises DefectStudioError when two settings have one label.
    """
    found: dict[str, dict[str, Any]] = {}
    for named in grid.settings or [{}]:
        for values in itertools.product(*grid.vary.values()):
            varied = dict(zip(grid.vary, values, strict=True))
            setting = {**grid.base, **named, **varied}
            own = named.get("label")
            shown = {k: v for k, v in (varied if own else {**named, **varied}).items() if k != "label"}
            label = " ".join([*([str(own)] if own else []), *(f"{k}={_said(v)}" for k, v in shown.items())])
            if label in found:
                raise DefectStudioError(f"Two settings are called {label!r}.", hint="Give each a label of its own.")
            found[label or "as given"] = {k: v for k, v in setting.items() if k != "label"}
    return found


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def pool_of(snapshot: Snapshot, folds: int | str, splits: Sequence[str]) -> Snapshot:
    """The tagged images that folds are made of: with "splits" those of every split, else those of `splits`."""
    return (
        snapshot.where(lambda image: bool(image.split)).tagged
        if folds == "splits"
        else training_images(snapshot, splits)
    )


def parts_of(pool: Snapshot, grid: Grid) -> list[str]:
    """What is held out, one after another. Raises DefectStudioError when a fold would be empty."""
    if grid.folds == 0:
        return [grid.test]
    if grid.folds == "splits":
        return sorted({image.split for image in pool.images})
    return [str(fold) for fold in sorted(set(fold_of(pool, grid.folds, grid.fold_seed).values()))]


def fold_of(pool: Snapshot, folds: int, seed: int) -> dict[int, int]:
    """The fold of each image, by id: groups are never cut, verdicts spread evenly."""
    groups = [image.group or f"image {image.id}" for image in pool.images]
    labels = ["defective" if image.defective else "good" for image in pool.images]
    dealt = make_folds(groups, labels, folds, seed).tolist()
    return dict(zip((image.id for image in pool.images), dealt, strict=True))


def divide(snapshot: Snapshot, arguments: TrainArguments) -> tuple[Snapshot, Snapshot]:
    """The images that train and those that test. Raises DefectStudioError when no image would test."""
    pool, held_out = pool_of(snapshot, arguments.folds, arguments.splits), arguments.held_out
    if arguments.folds == 0:
        if held_out in arguments.splits:
            raise DefectStudioError(f"The split {held_out} cannot both train and test.", hint="Use folds instead.")
        training, test = pool, snapshot.split(held_out).tagged
    elif arguments.folds == "splits":
        training, test = pool.where(lambda i: i.split != held_out), pool.split(held_out)
    else:
        fold = fold_of(pool, arguments.folds, arguments.fold_seed)
        training = pool.where(lambda i: fold[i.id] != int(held_out))
        test = pool.where(lambda i: fold[i.id] == int(held_out))
    if not test.images:
        hint = "Name another split with --test, or cut the training images into parts with --folds."
        raise DefectStudioError(f"No tagged image is in the split {held_out}.", hint=hint)
    return training, test


def arguments_of(grid: Grid, setting: Mapping[str, Any], seed: int, held_out: str) -> TrainArguments:
    """One job of a grid. Raises DefectStudioError naming a setting that is wrong."""
    changes = {k: v for k, v in setting.items() if k not in {"segmented", "preset"}}
    arguments = TrainArguments(
        changes={**changes, "seed": seed},
        preset=str(setting.get("preset", "")),
        segmented=setting.get("segmented", ALL),
        folds=grid.folds,
        fold_seed=grid.fold_seed,
        splits=grid.splits,
        held_out=held_out,
    )
    arguments.config()
    masks(arguments.segmented, 0)
    return arguments


def masks(segmented: int | str, there: int) -> int | None:
    """How many masks training may use of those `there` are: None means all.

    Raises DefectStudioError for anything but a number, a share, "all" or a list.
    """
    if isinstance(segmented, int) and segmented >= 0:
        return segmented
    text = str(segmented)
    if text == ALL or text.startswith("list:"):
        return None
    share = text.removesuffix("%")
    if text.endswith("%") and share.replace(".", "", 1).isdigit() and float(share) <= 100:
        return round(there * float(share) / 100)
    hint = 'Write a number, a share such as "25%", "all", or "list:NAME" for a published list.'
    raise DefectStudioError(f"segmented: {segmented!r} is no number of masks.", hint=hint)


def grid_plan(grid: Grid, snapshot: Snapshot) -> StudyPlan:
    """The plan of a grid on a project's labels as they are: settings x seeds x folds.

    Raises DefectStudioError before any work when a setting is wrong or the images do not allow the folds.
    """
    labels = labels_digest(snapshot)
    parts = parts_of(pool_of(snapshot, grid.folds, grid.splits), grid)
    settings = settings_of(grid)
    jobs: list[StudyJob] = []
    for seed, (label, setting) in itertools.product(grid.seeds, settings.items()):
        for part in parts:
            arguments = arguments_of(grid, setting, seed, part)
            divide(snapshot, arguments)
            jobs.append(make_job(FUNCTION, labels, label, seed, part, arguments.model_dump(mode="json")))
    return make_plan(grid.name, FUNCTION, labels, jobs)
