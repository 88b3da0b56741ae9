"""A folder of images becomes a table, heat maps and masks; bad files are named, and work is never lost."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from defectstudio.app import folder_prediction
from defectstudio.app.bundles import Bundle
from defectstudio.app.detectors import detector_of_bundle, detector_of_run
from defectstudio.app.folder_prediction import FolderResult, predict_folder_job, regions
from defectstudio.app.prediction_settings import FolderOptions
from defectstudio.app.prediction_table import PredictionTable, Row, read_table
from defectstudio.data.predictions import Predictions, enlarged
from defectstudio.data.project import Project
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning import export
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.tiling import HeatMap
from tests.conftest import surface, write_image

pytestmark = pytest.mark.xdist_group("deployment")

FAST = FolderOptions(engine="onnx", batch=2)


def go(images: Path, out: Path, bundle: Bundle, options: FolderOptions = FAST) -> FolderResult:
    return finish(predict_folder_job(images, out, detector_of_bundle(bundle.folder), options)(CancelToken()))


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Three images, one of them in a subfolder and one with the name of another."""
    folder = tmp_path / "line"
    write_image(folder / "a.png", surface(1, 180, 120))
    write_image(folder / "a.jpg", surface(2, 180, 120))
    write_image(folder / "shift 2" / "b.png", surface(3, 90, 60))
    (folder / "notes.txt").write_text("not an image")
    return folder


def test_every_image_gets_a_row_a_heat_map_and_a_mask(images: Path, tmp_path: Path, bundle: Bundle) -> None:
    out = tmp_path / "out"
    result = go(images, out, bundle, FolderOptions(engine="onnx", heat=True, masks=True))
    assert (result.predicted, result.kept, result.ignored, result.problems) == (3, 0, 1, [])
    rows = {row.image: row for row in read_table(out / "predictions.csv")}
    assert list(rows) == ["a.jpg", "a.png", "shift 2/b.png"]
    for row in rows.values():
        assert row.called == ("defective" if row.score >= bundle.manifest.threshold else "good")
        heat, mask = (np.asarray(Image.open(out / name)) for name in (row.heat, row.mask))
        assert heat.shape == mask.shape == (row.height, row.width)
        assert set(np.unique(mask)) <= {0, 255}
        assert heat.max() / 255 == pytest.approx(row.hottest, abs=0.02)
        np.testing.assert_array_equal(mask[heat > 255 * bundle.manifest.pixel_threshold + 1], 255)
    assert len({row.heat for row in rows.values()}) == 3


def test_a_folder_and_a_project_get_the_same_answers(trained: Project, tmp_path: Path) -> None:
    run = next(iter(trained.state.runs))
    stored = Predictions(trained.runs_folder / run / "predictions.h5")
    snapshot = trained.snapshot()
    shown = snapshot.images[:6]
    for image in shown:
        write_image(tmp_path / "line" / f"{image.id}.png", snapshot.read(image))
    make = detector_of_run(trained, run, engine="torch")
    options = FolderOptions(engine="torch", precision="fp32", heat=True)
    finish(predict_folder_job(tmp_path / "line", tmp_path / "out", make, options)(CancelToken()))
    rows = {row.image: row for row in read_table(tmp_path / "out" / "predictions.csv")}
    for image in shown:
        row = rows[f"{image.id}.png"]
        assert row.score == pytest.approx(stored.scores[image.id], abs=0.02)  # stored features are float16
        heat = np.asarray(Image.open(tmp_path / "out" / row.heat)) / 255
        np.testing.assert_allclose(heat, stored.heat_map(image.id, heat.shape), atol=0.03)


def test_fast_engines_are_made_once_for_a_run(
    trained: Project, bundle: Bundle, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def write(model: TrainedModel, path: Path) -> None:
        made.append(path)
        shutil.copyfile(bundle.folder / "model.onnx", path)

    monkeypatch.setattr(export, "write_onnx", write)
    for out in (tmp_path / "one", tmp_path / "two"):
        result = finish(predict_folder_job(images, out, detector_of_run(trained, engine="onnx"), FAST)(CancelToken()))
        assert (result.engine, result.predicted) == ("onnx fp32", 3)
    assert len(made) == 1


def test_bad_files_are_listed_and_the_others_are_done(images: Path, tmp_path: Path, bundle: Bundle) -> None:
    whole = (images / "a.png").read_bytes()
    (images / "cut.png").write_bytes(whole[: len(whole) // 2])
    (images / "empty.png").write_bytes(b"")
    (images / "text.tif").write_text("not an image")
    bomb = bytearray(whole)
    bomb[16:24] = (30_000).to_bytes(4, "big") * 2
    (images / "huge.png").write_bytes(bomb)
    result = go(images, tmp_path / "out", bundle)
    assert result.predicted == 3
    assert [problem.image for problem in result.problems] == ["cut.png", "empty.png", "huge.png", "text.tif"]
    assert all(problem.hint and str(images) not in problem.problem for problem in result.problems)
    with (tmp_path / "out" / "problems.csv").open(newline="") as file:
        assert [row["image"] for row in csv.DictReader(file)] == ["cut.png", "empty.png", "huge.png", "text.tif"]


def test_what_would_not_fit_into_memory_is_refused_before_it_is_decoded(
    images: Path, tmp_path: Path, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_prediction, "MOST_DECODED", 180 * 120 - 1)
    monkeypatch.setattr(folder_prediction, "read_pixels", lambda path: np.asarray(Image.open(path)))
    result = go(images, tmp_path / "out", bundle)
    assert [problem.image for problem in result.problems] == ["a.jpg", "a.png"]
    assert "GB of memory" in result.problems[0].problem


def test_a_large_image_is_looked_at_in_tiles_and_its_defect_lands_in_place(tmp_path: Path, bundle: Bundle) -> None:
    height, width = bundle.manifest.preprocessing.source_height, bundle.manifest.preprocessing.source_width
    rng = np.random.default_rng(0)
    small = rng.integers(90, 130, (height, width), np.uint8)
    write_image(tmp_path / "line" / "small.png", small)
    write_image(tmp_path / "line" / "large.png", np.tile(small, (5, 4)))
    result = go(tmp_path / "line", tmp_path / "out", bundle, FolderOptions(engine="onnx", heat=True, masks=True))
    assert result.problems == []
    rows = {row.image: row for row in read_table(tmp_path / "out" / "predictions.csv")}
    assert rows["small.png"].tiles == 1
    assert rows["large.png"].tiles > 20
    # The large image repeats the small one, so its tiles see much the same.
    assert rows["large.png"].score == pytest.approx(rows["small.png"].score, abs=0.3)
    heat = np.asarray(Image.open(tmp_path / "out" / rows["large.png"].heat))
    assert heat.shape == (5 * height, 4 * width)


def test_a_cancelled_folder_keeps_what_is_finished_and_goes_on(images: Path, tmp_path: Path, bundle: Bundle) -> None:
    out, token = tmp_path / "out", CancelToken()
    options = FolderOptions(engine="onnx", batch=1, heat=True)
    job = predict_folder_job(images, out, detector_of_bundle(bundle.folder), options)(token)
    while not (out / "predictions.csv").exists() or len(read_table(out / "predictions.csv")) < 1:
        next(job)
    token.cancel()
    with pytest.raises(Cancelled):
        finish(job)
    done = read_table(out / "predictions.csv")
    assert len(done) == 1
    stamp = (out / done[0].heat).stat().st_mtime_ns
    result = go(images, out, bundle, FolderOptions(batch=1, heat=True, resume=True))
    assert (result.engine, result.kept, result.predicted) == ("onnx fp32", 1, 2)
    assert (out / done[0].heat).stat().st_mtime_ns == stamp
    assert [row.image for row in read_table(out / "predictions.csv")] == ["a.jpg", "a.png", "shift 2/b.png"]


def test_an_image_that_changed_or_broke_since_is_not_taken_as_done(
    images: Path, tmp_path: Path, bundle: Bundle
) -> None:
    out = tmp_path / "out"
    go(images, out, bundle)
    write_image(images / "a.png", surface(9, 180, 120))
    (images / "a.jpg").write_bytes(b"broken")
    result = go(images, out, bundle, FolderOptions(engine="onnx", resume=True))
    assert (result.kept, result.predicted) == (1, 1)
    assert [problem.image for problem in result.problems] == ["a.jpg"]
    assert {row.image for row in read_table(out / "predictions.csv")} == {"a.png", "shift 2/b.png"}


def test_a_row_that_was_cut_short_is_predicted_again(images: Path, tmp_path: Path, bundle: Bundle) -> None:
    out = tmp_path / "out"
    go(images, out, bundle)
    table = (out / "predictions.csv").read_bytes()
    (out / "predictions.csv").write_bytes(table[:-40])
    result = go(images, out, bundle, FolderOptions(engine="onnx", resume=True))
    assert (result.kept, result.predicted) == (2, 1)
    assert (out / "predictions.csv").read_bytes() == table


def test_a_folder_is_gone_on_with_only_by_the_same_settings(images: Path, tmp_path: Path, bundle: Bundle) -> None:
    go(images, tmp_path / "out", bundle)
    with pytest.raises(DefectStudioError, match=r"other settings \(masks: False\)"):
        go(images, tmp_path / "out", bundle, FolderOptions(engine="onnx", masks=True, resume=True))
    with pytest.raises(DefectStudioError, match="already holds something"):
        go(images, tmp_path / "out", bundle)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("mine")
    with pytest.raises(DefectStudioError, match="No prediction was begun"):
        go(images, tmp_path / "other", bundle, FolderOptions(engine="onnx", resume=True))


@pytest.mark.parametrize(("source", "target"), [("line", "line"), ("line", "line/out"), ("line/in", "line")])
def test_results_may_not_lie_among_the_images(source: str, target: str, tmp_path: Path, bundle: Bundle) -> None:
    write_image(tmp_path / source / "a.png", surface(1))
    with pytest.raises(DefectStudioError, match="one inside the other"):
        go(tmp_path / source, tmp_path / target, bundle, FolderOptions(resume=True))


def test_a_folder_without_images_is_an_error_and_leaves_nothing(tmp_path: Path, bundle: Bundle) -> None:
    (tmp_path / "line").mkdir()
    with pytest.raises(DefectStudioError, match="There is no image"):
        go(tmp_path / "line", tmp_path / "out", bundle)
    assert not (tmp_path / "out").exists()


def test_a_damaged_bundle_predicts_nothing(images: Path, tmp_path: Path, bundle: Bundle) -> None:
    copied = Path(shutil.copytree(bundle.folder, tmp_path / "copy"))
    (copied / "model.onnx").write_bytes(b"other")
    with pytest.raises(DefectStudioError, match="damaged"):
        finish(predict_folder_job(images, tmp_path / "out", detector_of_bundle(copied), FAST)(CancelToken()))
    assert not (tmp_path / "out").exists()


def test_regions_are_counted_on_the_mask_at_image_size(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = np.zeros((10, 10), np.float32)
    cells[1:3, 1:3], cells[7, 7] = 1, 1
    heat = HeatMap.over(cells, (40, 40))
    mask = enlarged(cells.astype(np.float16), (40, 40)) >= 0.5
    count, largest = regions(heat, 0.5)
    assert (count, largest) == (2, int(mask[:20, :20].sum()))
    assert regions(heat, 1.1) == (0, 0)
    monkeypatch.setattr(folder_prediction, "MOST_LABELLED", 100)
    assert regions(heat, 0.5) == (2, 4 * 16)


def row(image: str) -> Row:
    return Row(image, "good", 4, 3, 0.125, 0.5, 0.25, 0, 0, "onnx fp32", 1, f"heat/{image}.png", "", "0" * 64)


@pytest.mark.parametrize("name", ["=cmd|x.png", "'quoted.png", 'comma, and "quote".png', "größe.png", "-1.png"])
def test_any_file_name_survives_the_table_and_runs_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / "predictions.csv"
    with PredictionTable(path) as table:
        table.add(row(name))
        table.add(row("last.png"))
    assert read_table(path) == [row(name), row("last.png")]
    assert PredictionTable(path).holds(name, "0" * 64)
    with path.open(encoding="utf-8", newline="") as file:
        assert all(line["image"][0] not in "=+-@" for line in csv.DictReader(file))


@pytest.mark.parametrize("harm", [lambda text: "a,b\n1,2\n", lambda text: text.replace(",4,", ",four,")])
def test_a_table_of_something_else_is_refused(harm: Callable[[str], str], tmp_path: Path) -> None:
    path = tmp_path / "predictions.csv"
    with PredictionTable(path) as table:
        table.add(row("a.png"))
    path.write_text(harm(path.read_text()))
    with pytest.raises(DefectStudioError, match="cannot be read"):
        PredictionTable(path)
