"""The presets against the paper's section 5, value by value, and against what each switch does."""

import pytest

from defectstudio.data.presets import PRESETS, preset, preset_config
from defectstudio.domain.errors import DefectStudioError

# Section 5 of the paper, read anew: epochs, learning rate, batch, delta, w_pos, p, dilation, (height, width), channels.
PUBLISHED = {
    "dagm": (70, 0.05, 1, 1.0, 10.0, 1.0, 7, (512, 512), 1),
    "ksdd": (50, 1.0, 1, 0.01, 1.0, 2.0, 7, (1408, 512), 1),
    "ksdd-n0": (50, 0.01, 1, 1.0, 1.0, 2.0, 7, (1408, 512), 1),
    "ksdd2": (50, 0.01, 1, 1.0, 3.0, 2.0, 15, (640, 232), 3),
    "severstal": (40, 0.1, 10, 0.1, 1.0, 2.0, 1, (256, 1600), 1),
    "severstal-1500": (60, 0.1, 10, 0.1, 1.0, 2.0, 1, (256, 1600), 1),
    "severstal-750": (80, 0.1, 10, 0.1, 1.0, 2.0, 1, (256, 1600), 1),
    "severstal-300": (90, 0.1, 10, 0.1, 1.0, 2.0, 1, (256, 1600), 1),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_preset_holds_the_published_values(name: str) -> None:
    c = preset_config(name)
    assert PUBLISHED[name] == (
        *(c.epochs, c.lr, c.batch, c.delta, c.w_pos, c.p, c.dilation),
        (c.height, c.width),
        c.channels,
    )
    assert (c.net, c.variant, c.augment) == ("segdec", "paper", False)
    assert (c.dynamic_balance, c.gradient_stop, c.distance_weights) == (True, "always", True)


def test_every_published_row_has_a_preset() -> None:
    assert {name for name, row in PRESETS.items() if row.net == "segdec"} == set(PUBLISHED)


def test_our_own_preset_is_for_our_own_network_and_chooses_the_size_by_the_images() -> None:
    c = preset_config("thorough", seed=3)
    assert (c.net, c.finetune_epochs, c.test_flips, c.height, c.seed) == ("fast", 10, True, None, 3)


def test_sizes_fit_the_network() -> None:
    assert all(preset_config(n).height % 8 == 0 and preset_config(n).width % 8 == 0 for n in PUBLISHED)  # type: ignore[operator]


def test_numbers_of_masks_are_those_of_the_tables() -> None:
    assert preset("ksdd").segmented == (0, 5, 10, 15, 20, None)
    assert preset("ksdd2").segmented == (0, 16, 53, 126, None)
    assert preset("severstal-300").segmented == (0, 10, 50, 150, 300)
    assert preset("ksdd").folds == 3


def test_tags_alone_take_the_row_that_was_published_for_them() -> None:
    assert preset_config("ksdd", segmented=0) == preset_config("ksdd-n0")
    assert preset_config("ksdd", segmented=5) == preset_config("ksdd")
    assert preset_config("dagm", segmented=0) == preset_config("dagm")


def test_changes_come_on_top_of_the_preset() -> None:
    changed = preset_config("ksdd2", seed=3, epochs=2, variant="release", gradient_stop="never")
    assert (changed.seed, changed.epochs, changed.variant, changed.gradient_stop) == (3, 2, "release", "never")
    assert changed.lr == 0.01


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(DefectStudioError, match="no preset mvtec") as caught:
        preset_config("mvtec")
    assert "ksdd2" in caught.value.hint


def test_a_wrong_value_on_top_of_a_preset_is_named() -> None:
    with pytest.raises(DefectStudioError, match="lr"):
        preset_config("dagm", lr=-1)
