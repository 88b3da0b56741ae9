"""Small folders in the layouts that can be imported, generated for each test."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

HEIGHT, WIDTH = 24, 16


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (HEIGHT, WIDTH), dtype=np.uint8)


def mask(value: int = 255, *, box: tuple[int, int, int, int] = (4, 4, 9, 10)) -> np.ndarray:
    values = np.zeros((HEIGHT, WIDTH), np.uint8)
    values[box[0] : box[2], box[1] : box[3]] = value
    return values


class Maker:
    """Writes images and tables below one folder; every image has its own pixels."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seed = 0

    def image(self, path: str, pixels: np.ndarray | None = None, **options: object) -> Path:
        self._seed += 1
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture(self._seed) if pixels is None else pixels).save(target, **options)
        return target

    def palette(self, path: str, values: np.ndarray) -> Path:
        """An indexed image, as label tools write them."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        image = Image.frombytes("P", (values.shape[1], values.shape[0]), values.tobytes())
        image.putpalette([0, 0, 0, 200, 0, 0, 0, 200, 0, 0, 0, 200])
        image.save(target)
        return target

    @staticmethod
    def mask(value: int = 255, *, box: tuple[int, int, int, int] = (4, 4, 9, 10)) -> np.ndarray:
        """A mask with `value` inside a box and 0 elsewhere; value 0 is an empty mask."""
        return mask(value, box=box)

    def layout(self, name: str) -> Path:
        """Write a small folder in the layout of that format, and name it."""
        LAYOUTS[name](self)
        return self.root

    def table(self, path: str, rows: Sequence[Sequence[object]], delimiter: str = ",") -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return target

    def fingerprint(self) -> dict[str, tuple[str, int]]:
        """Path, content and time of change of everything in the folder."""
        return {
            path.relative_to(self.root).as_posix(): (
                hashlib.sha256(path.read_bytes()).hexdigest(),
                path.stat().st_mtime_ns,
            )
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """A maker in a folder whose name has a space and letters outside ASCII."""
    root = tmp_path / "Prüfteile № 1"
    root.mkdir()
    return Maker(root)


def kolektorsdd(make: Maker) -> None:
    for item in ("kos01", "kos02"):
        for part in range(3):
            make.image(f"{item}/Part{part}.jpg")
            value = {("kos01", 1): 1, ("kos02", 2): 2}.get((item, part), 0)
            make.palette(f"{item}/Part{part}_label.bmp", mask(value))


def kolektorsdd2(make: Maker) -> None:
    for split, start in (("train", 10000), ("test", 20000)):
        for number in range(4):
            make.image(f"{split}/{start + number}.png")
            make.image(f"{split}/{start + number}_GT.png", mask(255 if number < 2 else 0))


def dagm(make: Maker, folder: str = "") -> None:
    for kind in ("Class1", "Class2"):
        for split in ("Train", "Test"):
            here = f"{folder}{kind}/{split}"
            for number in (1, 2, 3):
                make.image(f"{here}/000{number}.PNG")
            make.image(f"{here}/Label/0002_label.PNG", mask())
            lines = [
                "1",
                *(f"000{n}\t{int(n == 2)}\t000{n}.PNG\t0\t{'0002_label.PNG' if n == 2 else 0}" for n in (1, 2, 3)),
            ]
            (make.root / here / "Label" / "Labels.txt").write_text("\n".join(lines), "utf-8")


def magnetic_tile(make: Maker) -> None:
    for kind, number in (("Blowhole", 100), ("Free", 1000)):
        for exposure in (1, 2, 3):
            stem = f"MT_{kind}/Imgs/exp{exposure}_num_{number + 10 * exposure}"
            make.image(f"{stem}.jpg")
            values = mask(255 if kind == "Blowhole" else 0)
            values[3, 4:10] = 40 if kind == "Blowhole" else 0
            make.image(f"{stem}.png", values)


def mvtec(make: Maker, category: str = "") -> None:
    for number in range(3):
        make.image(f"{category}train/good/00{number}.png")
        make.image(f"{category}test/good/00{number}.png")
    for defect in ("crack", "hole"):
        make.image(f"{category}test/{defect}/000.png")
        make.image(f"{category}ground_truth/{defect}/000_mask.png", mask())


def folder_with_table(make: Maker) -> None:
    for number in range(4):
        make.image(f"images/part {number}.png")
        make.image(f"masks/part {number}.png", mask(255 if number < 2 else 0))
    rows = [
        ("part 0", "train", 1, "crack", "A"),
        ("part 1", "test", 1, "hole", "B"),
        ("part 2", "train", 0, "good", "A"),
    ]
    make.table("split.csv", [("stem", "split", "label", "class", "tile"), *rows, ("part 3", "test", 0, "", "B")])


LAYOUTS: dict[str, Callable[[Maker], None]] = {
    "kolektorsdd": kolektorsdd,
    "kolektorsdd2": kolektorsdd2,
    "dagm2007": dagm,
    "magnetic_tile": magnetic_tile,
    "mvtec": mvtec,
    "folder": folder_with_table,
}
