"""Names and explanations of the training settings, by their fields in `TrainConfig`, in the order in which they stand.

A field that is not named here is shown all the same, under its own name.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

IN_THE_FORM = ("net", "epochs", "seed")
"""Fields that stand above "More settings"."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One field: its name, its explanation, the one network it counts for (empty: all)."""

    label: str
    tip: str
    net: str = ""


def spoken(text: str) -> str:
    """A text of this table in the user's language."""
    return QCoreApplication.translate("TrainSettings", text)


def groups() -> dict[str, dict[str, Setting]]:
    """All settings that have words, by heading and field."""
    return {
        spoken("Learning"): _learning(),
        spoken("Input"): _input(),
        spoken("Loss"): _loss(),
        spoken("Computing"): _computing(),
    }


def _learning() -> dict[str, Setting]:
    return {
        "variant": Setting(
            spoken("Variant"),
            spoken(
                "The network as the paper prints it, or as its authors' own program, and so their results, have it."
            ),
            "segdec",
        ),
        "batch": Setting(
            spoken("Batch"), spoken("Images in one step. Fewer need less memory; more are steadier and often faster.")
        ),
        "lr": Setting(
            spoken("Learning rate"), spoken("Size of a step. Take a tenth of it when the loss jumps or breaks off.")
        ),
        "finetune_epochs": Setting(
            spoken("Fine-tuning"),
            spoken("Epochs in which the encoder learns too, after the heads alone. 0 leaves it alone, the quickest."),
            "fast",
        ),
        "finetune_lr": Setting(spoken("Tuning rate"), spoken("Learning rate while the encoder learns too."), "fast"),
        "running_mean": Setting(
            spoken("Weight mean"),
            spoken("Decay of a running mean of the weights, 0.99 for instance, which is kept in their place. 0: none."),
        ),
        "paste": Setting(
            spoken("Paste defects"),
            spoken("Share of good images that get a drawn defect of another image while the encoder learns too."),
            "fast",
        ),
        "synthetic": Setting(
            spoken("Noise defects"),
            spoken("Share of good images that are spoilt by a patch of noise while the encoder is left alone."),
            "fast",
        ),
        "augment": Setting(
            spoken("Random flips"),
            spoken("Flip training images at random. Turn it off where left and right, or up and down, matter."),
        ),
    }


def _input() -> dict[str, Setting]:
    return {
        "height": Setting(
            spoken("Height"), spoken("Height of the network's input in pixels. Automatic: from the training images.")
        ),
        "width": Setting(
            spoken("Width"), spoken("Width of the network's input in pixels. Automatic: from the training images.")
        ),
        "channels": Setting(
            spoken("Channels"), spoken("1 for grey, 3 for colour. Automatic: as the training images are."), "segdec"
        ),
        "strides": Setting(
            spoken("Encoder maps"),
            spoken("Maps of the encoder that the heads see, by stride; small ones for small defects. None: automatic."),
            "fast",
        ),
        "stride": Setting(
            spoken("Output stride"),
            spoken("Pixels from one cell of the heat map to the next. 4 is finer, and slower to train."),
            "fast",
        ),
    }


def _loss() -> dict[str, Setting]:
    return {
        "delta": Setting(
            spoken("Verdict weight"),
            spoken("How much the verdict on the whole image counts beside its pixels."),
        ),
        "w_pos": Setting(spoken("Defect weight"), spoken("How much a pixel of a defect counts against a healthy one.")),
        "dilation": Setting(
            spoken("Grow masks by"),
            spoken("Side of the square, in pixels, by which drawn defects grow before training. 1: not at all."),
        ),
        "distance_weights": Setting(
            spoken("Depth weights"),
            spoken("Pixels deep inside a defect count more: edges are drawn less surely."),
        ),
        "p": Setting(
            spoken("Depth exponent"),
            spoken("How fast the weight grows with depth. Counts only with depth weights."),
        ),
        "dynamic_balance": Setting(
            spoken("Pixels first"),
            spoken("Learn the place of defects first, the verdict later. Without effect where there is no mask."),
        ),
        "segment_classes": Setting(
            spoken("Classes apart"),
            spoken("Numbers of the classes that the heat map tells apart, such as 1, 3. Automatic: those with masks."),
        ),
        "gradient_stop": Setting(
            spoken("Protect pixels"),
            spoken("Keep the verdict on the image from changing what the network learns of pixels."),
        ),
    }


def _computing() -> dict[str, Setting]:
    return {
        "threshold_folds": Setting(
            spoken("Threshold folds"),
            spoken(
                "Without validation images, so many further models find the threshold on images new to them. 0: none."
            ),
        ),
        "test_flips": Setting(
            spoken("Average flips"),
            spoken("Average predictions over flipped images: a little better, four times the work."),
        ),
        "precision": Setting(
            spoken("Precision"), spoken("Automatic takes bf16 only where this machine computes it in hardware.")
        ),
        "threads": Setting(spoken("Threads"), spoken("Processor threads. Automatic leaves a core to the window.")),
    }


def plain(name: str, description: str | None) -> Setting:
    """A setting that has no words of its own yet."""
    return Setting(name.replace("_", " ").capitalize(), description or name)


def value_word(name: str, value: object) -> str:
    """A value of a choice in words; None is left to the program."""
    words = {
        ("variant", "paper"): spoken("As in the paper"),
        ("variant", "release"): spoken("As released"),
        ("gradient_stop", "always"): spoken("Always"),
        ("gradient_stop", "with_masks"): spoken("With masks"),
        ("gradient_stop", "never"): spoken("Never"),
        ("precision", "auto"): automatic(),
        ("precision", "32"): "fp32",
    }
    return automatic() if value is None else words.get((name, str(value)), str(value))


def further() -> str:
    """The heading of settings that have no words yet."""
    return spoken("Further")


def automatic() -> str:
    """What stands for a value that the program chooses."""
    return spoken("Automatic")
