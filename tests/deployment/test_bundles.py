"""An exported detector is whole, says where it comes from, and runs without DefectStudio."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app import approvals, bundle_export, bundles
from defectstudio.app.bundle_export import export_job, held_out
from defectstudio.app.bundles import Bundle, load_bundle
from defectstudio.app.resources import resource
from defectstudio.data.pixels import read_pixels
from defectstudio.data.project import Project
from defectstudio.data.runs import WEIGHTS
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.engines.base import Kind
from defectstudio.learning.engines.choose import available, open_engine
from defectstudio.learning.export import source_of
from defectstudio.learning.inputs import to_input
from defectstudio.sessions.session import Session
from tests.conftest import write_image
from tests.learning.generated import spots

pytestmark = pytest.mark.xdist_group("deployment")


@pytest.fixture
def copied(bundle: Bundle, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle.folder, tmp_path / "copy"))


def test_a_bundle_says_what_it_is_and_where_it_comes_from(bundle: Bundle, trained: Project) -> None:
    manifest, run = bundle.manifest, next(iter(trained.state.runs))
    assert (manifest.provenance.run, manifest.provenance.weights_sha256) == (run, trained.state.runs[run])
    assert manifest.provenance.images == {
        "test/defective": 4,
        "test/good": 4,
        "train/defective": 12,
        "train/good": 8,
    }
    assert (manifest.preprocessing.height, manifest.preprocessing.width, manifest.preprocessing.channels) == (96, 64, 3)
    first = trained.snapshot().images[0]
    assert manifest.preprocessing.source_height == pytest.approx(first.height, rel=0.2)
    assert manifest.classes
    assert manifest.approval is not None
    assert (manifest.approval.who, manifest.approval.reason) == ("A. Huber", "the first one")
    assert manifest.approval.thresholds[manifest.classes[0]] == 0.4
    assert manifest.approval.cuts[manifest.classes[0]] == 0.6
    assert manifest.largest_difference < 1e-4
    assert manifest.int8 is not None
    assert (manifest.int8.images, manifest.int8.defective) == (8, 4)
    assert manifest.files.keys() == {path.name for path in bundle.folder.iterdir()} - {"model.json", "engines.json"}
    assert {"model.onnx", "model.xml", "model.int8.xml", "example.py", "README.md"} <= manifest.files.keys()


def test_a_bundle_serves_every_engine_but_torch(bundle: Bundle) -> None:
    kinds = available(bundle.source())
    assert {Kind("onnx", "fp32"), Kind("openvino", "fp32"), Kind("openvino", "int8")} <= set(kinds)
    assert all(kind.name != "torch" for kind in kinds)


def pictures(folder: Path) -> list[Path]:
    """The kinds of images that cameras write, larger and smaller than the input."""
    rng = np.random.default_rng(0)
    grey = rng.integers(0, 255, (150, 90), np.uint8)
    return [
        write_image(folder / "grey.png", grey),
        write_image(folder / "colour.png", rng.integers(0, 255, (60, 50, 3), np.uint8)),
        write_image(folder / "alpha.png", rng.integers(0, 255, (60, 50, 4), np.uint8)),
        write_image(folder / "deep.png", (grey.astype(np.uint16) * 200)),
        write_image(folder / "bits.png", grey > 128),
    ]


def test_the_example_answers_as_defectstudio_does_and_loads_nothing_of_it(
    bundle: Bundle, trained: Project, tmp_path: Path
) -> None:
    paths = pictures(tmp_path)
    script = (
        "import sys, numpy as np; sys.path.insert(0, sys.argv[1]); import example\n"
        "answers = [example.predict(path) for path in sys.argv[3:]]\n"
        "np.savez(sys.argv[2], *[heat for _, heat in answers], score=[score for score, _ in answers])\n"
        "sys.exit(bool({'torch', 'defectstudio', 'openvino'} & set(sys.modules)))"
    )
    out = tmp_path / "answers.npz"
    command = [sys.executable, "-c", script, str(bundle.folder), str(out), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    model = load_model(trained.runs_folder / next(iter(trained.state.runs)))
    engine = open_engine(Kind("torch", "fp32"), source_of(lambda: model, model), threads=1)
    answers = np.load(out)
    for number, path in enumerate(paths):
        heat, score = engine.run(to_input(read_pixels(path), model.config).numpy()[None])
        np.testing.assert_allclose(answers[f"arr_{number}"], heat[0, 0], atol=1e-4, err_msg=path.name)
        assert answers["score"][number] == pytest.approx(float(score[0]), abs=1e-4), path.name


def test_the_example_runs_with_openvino_where_onnx_runtime_is_absent(bundle: Bundle, tmp_path: Path) -> None:
    path = pictures(tmp_path)[0]
    run = [sys.executable, str(bundle.folder / "example.py"), str(path)]
    exact = json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    blocked = (
        "import runpy, sys; sys.modules['onnxruntime'] = None; sys.argv = sys.argv[1:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [sys.executable, "-c", blocked, *run[1:]]
    other = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert exact.keys() == other.keys() == {"image", "score", "defective"}
    assert other["score"] == pytest.approx(exact["score"], abs=1e-4)
    assert exact["defective"] == (exact["score"] >= bundle.manifest.threshold)


def test_the_example_is_at_most_thirty_lines_of_code() -> None:
    text = resource("bundle", "example.py").read_text(encoding="utf-8")
    texts: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.FunctionDef) and ast.get_docstring(node):
            texts |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    lines = [line for number, line in enumerate(text.splitlines(), 1) if line.strip() and number not in texts]
    assert len([line for line in lines if not line.strip().startswith("#")]) <= 30


def drop(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def rewrite(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "model.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return change


def flip_a_byte(folder: Path) -> None:
    content = bytearray((folder / "model.bin").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.bin").write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (flip_a_byte, r"model\.bin is not the file that was exported"),
        (drop("model.onnx"), r"model\.onnx is missing"),
        (drop("model.json"), r"is not an exported detector"),
        (rewrite(version=2), "newer DefectStudio"),
        (rewrite(threshold=2), "threshold"),
        (rewrite(files={}), "does not list"),
        (rewrite(format="something"), "format"),
        (lambda folder: (folder / "model.json").write_text("{"), "damaged"),
    ],
)
def test_a_bundle_that_is_not_whole_is_refused(copied: Path, harm: Callable[[Path], object], message: str) -> None:
    harm(copied)
    with pytest.raises(DefectStudioError, match=message):
        load_bundle(copied)


def test_any_changed_byte_of_the_files_of_a_bundle_is_found(copied: Path) -> None:
    rng, files = np.random.default_rng(0), load_bundle(copied).manifest.files
    assert files
    for name in files:
        whole = (copied / name).read_bytes()
        for place in rng.integers(0, len(whole), 3).tolist():
            changed = bytearray(whole)
            changed[place] ^= 1 << int(rng.integers(8))
            (copied / name).write_bytes(bytes(changed))
            with pytest.raises(DefectStudioError, match="is not the file that was exported"):
                load_bundle(copied)
        (copied / name).write_bytes(whole)
    assert load_bundle(copied).manifest.files == files


def test_a_bundle_may_not_name_files_outside_itself(copied: Path) -> None:
    files = json.loads((copied / "model.json").read_text())["files"]
    rewrite(files={**files, "../outside": "0" * 64})(copied)
    with pytest.raises(DefectStudioError, match="does not list the files of a bundle"):
        load_bundle(copied)


def test_only_an_approved_run_is_exported(trained_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(trained_folder, tmp_path / "copy"))
    with Project.open(folder) as project:
        run, session = next(iter(project.state.runs)), Session(project)
        with pytest.raises(DefectStudioError, match="no run other"):
            export_job(project, tmp_path / "out", run="other")
        approvals.reject_candidate(session, run, "Eva", "misses scratches")
        with pytest.raises(DefectStudioError, match="No run is approved") as nothing:
            export_job(project, tmp_path / "out")
        assert "mentor approve PROJECT RUN" in nothing.value.hint
        with pytest.raises(DefectStudioError, match="was rejected by Eva"):
            export_job(project, tmp_path / "out", run=run)
        session.undo()
        with (project.runs_folder / run / WEIGHTS).open("ab") as file:
            file.write(b"x")
        with pytest.raises(DefectStudioError, match="not those that were approved"):
            export_job(project, tmp_path / "out", run=run)
        session.undo()
        with pytest.raises(DefectStudioError, match="is not approved") as refused:
            export_job(project, tmp_path / "out", run=run)
        assert f"mentor approve PROJECT {run}" in refused.value.hint
    assert not (tmp_path / "out").exists()


def test_nothing_is_overwritten(trained: Project, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(DefectStudioError, match="already holds something"):
        export_job(trained, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_cancelled_export_leaves_nothing_behind(trained: Project, tmp_path: Path) -> None:
    token = CancelToken()
    job = export_job(trained, tmp_path / "out")(token)
    next(job)
    token.cancel()
    with pytest.raises(Cancelled):
        finish(job)
    assert list(tmp_path.iterdir()) == []


def test_networks_that_answer_otherwise_are_not_exported(
    trained: Project, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_model(trained.runs_folder / next(iter(trained.state.runs)))
    assert bundle_export.compare(model, bundle.folder) < 1e-4
    monkeypatch.setattr(bundle_export, "MOST_DIFFERENT", 0.0)
    with pytest.raises(DefectStudioError, match="differs from the trained one"):
        bundle_export.compare(model, bundle.folder)


def test_int8_is_checked_on_images_that_trained_nothing() -> None:
    snapshot = spots(5, 5, masks=0, side=32)
    used = tuple(image.id for image in snapshot.images[3:7])
    assert {image.id for image in held_out(snapshot, used).images} == {1, 2, 3, 8, 9, 10}


def test_a_bundle_holds_no_pickle(bundle: Bundle) -> None:
    assert bundles.MANIFEST in {path.name for path in bundle.folder.iterdir()}
    for path in bundle.folder.iterdir():
        head = path.read_bytes()[:2]
        assert head not in (b"\x80\x02", b"\x80\x04", b"\x80\x05", b"PK"), path.name
        assert path.suffix in {".onnx", ".xml", ".bin", ".json", ".py", ".md"}
