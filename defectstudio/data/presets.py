"""Training settings by name: the rows of the paper (Bozic et al. 2021, section 5) for `segdec`, one of our own.

The paper names no augmentation, so presets train on images as they are. Severstal's epochs fall as the number of
defective training images grows; each number has a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.domain.errors import DefectStudioError


@dataclass(frozen=True, slots=True)
class Preset:
    """One row: its settings, what it was measured on, and how many images were segmented there.

    `segmented` lists the numbers N of masks in the paper's tables (None: all). `tags_only` names the row that the
    paper uses instead where no mask is there.
    """

    text: str
    settings: Mapping[str, Any]
    segmented: tuple[int | None, ...]
    tags_only: str = ""
    folds: int = field(default=0)
    """Folds that the published figures are means over; 0: one fixed test part."""
    net: str = "segdec"


def _row(
    epochs: int, lr: float, batch: int, delta: float, w_pos: float, p: float, dilation: int, size: str, channels: int
) -> dict[str, Any]:
    """A row of settings in the order of the paper's text; `size` is width x height."""
    width, height = map(int, size.split("x"))
    return {
        "epochs": epochs,
        "lr": lr,
        "batch": batch,
        "delta": delta,
        "w_pos": w_pos,
        "p": p,
        "dilation": dilation,
        "width": width,
        "height": height,
        "channels": channels,
        "augment": False,
        "dynamic_balance": True,
        "gradient_stop": "always",
        "distance_weights": True,
    }


def _severstal(epochs: int) -> dict[str, Any]:
    return _row(epochs, 0.1, 10, 0.1, 1, 2, 1, "1600x256", 1)


_KSDD_SEGMENTED = (0, 5, 10, 15, 20, None)
_SEVERSTAL_SEGMENTED = (0, 10, 50, 150, 300, 750, 1500, None)

THOROUGH: dict[str, Any] = {
    "finetune_epochs": 10,
    "gradient_stop": "never",
    "running_mean": 0.99,
    "paste": 0.3,
    "test_flips": True,
}

PRESETS: dict[str, Preset] = {
    "dagm": Preset("DAGM 2007", _row(70, 0.05, 1, 1, 10, 1, 7, "512x512", 1), (0, 5, 15, 45, None)),
    "ksdd": Preset(
        "KolektorSDD, some or all masks", _row(50, 1.0, 1, 0.01, 1, 2, 7, "512x1408", 1), _KSDD_SEGMENTED, "ksdd-n0", 3
    ),
    "ksdd-n0": Preset("KolektorSDD, tags alone", _row(50, 0.01, 1, 1, 1, 2, 7, "512x1408", 1), (0,), folds=3),
    "ksdd2": Preset("KolektorSDD2", _row(50, 0.01, 1, 1, 3, 2, 15, "232x640", 3), (0, 16, 53, 126, None)),
    "severstal": Preset("Severstal steel, 3000 defective images", _severstal(40), _SEVERSTAL_SEGMENTED),
    "severstal-1500": Preset("Severstal steel, 1500 defective images", _severstal(60), _SEVERSTAL_SEGMENTED[:-1]),
    "severstal-750": Preset("Severstal steel, 750 defective images", _severstal(80), _SEVERSTAL_SEGMENTED[:-2]),
    "severstal-300": Preset("Severstal steel, 300 defective images", _severstal(90), _SEVERSTAL_SEGMENTED[:-3]),
    # Not from the paper: what magnetic tiles needed (handbook, decision 5).
    "thorough": Preset("Small images, faint defects: fast, ten times longer", THOROUGH, (0, 16, None), net="fast"),
}


def preset(name: str) -> Preset:
    """A row by name. Raises DefectStudioError naming the rows there are."""
    if name not in PRESETS:
        raise DefectStudioError(f"There is no preset {name}.", hint=f"The presets are: {', '.join(PRESETS)}.")
    return PRESETS[name]


def preset_config(name: str, *, segmented: int | None = None, **changes: Any) -> TrainConfig:
    """The settings of one row with some values changed, for its network.

    `segmented`: how many masks will be used (None: all); with 0, the row for tags alone where the paper has one.
    Raises DefectStudioError for an unknown name or a value that is wrong.
    """
    row = preset(name)
    if segmented == 0 and row.tags_only:
        row = preset(row.tags_only)
    return default_config(row.net, **{**row.settings, **changes})
