"""A session goes to somebody else as one file and is the same there; what is wrong with a file is said at once."""

from __future__ import annotations

import errno
import io
import json
import shutil
import sqlite3
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.branch import branch_job
from defectstudio.app.projects import import_job as import_images
from defectstudio.app.projects import record_import
from defectstudio.app.refinement_journal import golden_journal
from defectstudio.app.session_bundle import DIGITS, MAGIC, Manifest, _digest
from defectstudio.app.session_bundle_export import Wanted, export_job
from defectstudio.app.session_bundle_import import import_job
from defectstudio.app.verify import verify_job
from defectstudio.cli.main import run
from defectstudio.data import journal
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.journal import Journal
from defectstudio.data.project import Project
from defectstudio.data.retelling import content_digest
from defectstudio.domain.book import BookEntry, BookEntryChanged, DefinitionChanged
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.events import QueueMark, QueueMarked
from defectstudio.domain.labels import DEFECTIVE, Box, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import PanelAnswered
from defectstudio.domain.second_look import LookedAgain, SecondLook
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.session import Session
from tests.conftest import surface, write_image
from tests.journals.make import mentored
from tests.made_panels import answer, panel
from tests.made_runs import SIDE, add_run, square

SECRETS = (
    "ada-lovelace",
    "part0",
    "from source",
    "secret words",
    "tile-of-tuesday",
    "line-seven",
    "Smith",
    "Jones",
    "deployed",
)


def digest_of(folder: Path) -> str:
    with Project.open(folder, readonly=True) as project:
        return content_digest(project.state)


def exported(folder: Path, out: Path, **wanted: object) -> Path:
    finish(export_job(folder, out, Wanted(**wanted))(CancelToken()))  # type: ignore[arg-type]
    return out


def imported(bundle: Path, out: Path) -> Path:
    finish(import_job(bundle, out)(CancelToken()))
    return out


def make_small_project(folder: Path) -> Path:
    """Ten images, every second one defective with a mask; the first ones in a group, the last ones in a split."""
    items = []
    for number in range(10):
        path = write_image(folder / "source" / f"part{number:02d}.png", surface(number, SIDE, SIDE))
        verdict, mask = (Verdict.DEFECTIVE, square) if number % 2 else (Verdict.GOOD, None)
        group, split = "tile-of-tuesday" if number < 3 else "", "line-seven" if number > 7 else "train"
        items.append(ImportItem(path, path.stem, verdict, split=split, group=group, read_map=mask))
    lists = {"authors": {"2": ["part01", "part03"]}}
    plan = ImportPlan("folder", folder / "source", items, ("spot",), segmented=lists)
    with Project.create(folder / "project") as project:
        record_import(Session(project), plan, finish(import_images(project, plan)(CancelToken())))
    return folder / "project"


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with answers, verdicts, notes, a run, undo and redo, all by one person."""
    folder = make_small_project(tmp_path_factory.mktemp("worked"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(journal, "_author", lambda: "ada-lovelace")
        with Project.open(folder) as project:
            session = Session(project)
            mentored(session)
            golden_journal(session, answers=4)
            Annotator(session).add_note(3, "secret words")
            session.record("skip", [QueueMarked(4, None, QueueMark("never", "customer Smith said so"))])
            entry = BookEntry(1, "exemplar", 1, 2, Box(0, 0, 9, 9), "place", "as on Mr Jones's bench")
            session.record("book", [BookEntryChanged(1, None, entry), DefinitionChanged(1, "", "what Jones says")])
            session.record("look", [LookedAgain(2, 1, None, SecondLook(1, "d2", "rejected", "confirmed 1"))])
            add_run(session, "one")
            session.tag([1, 2], DEFECTIVE)
            session.undo()
    return folder


@pytest.fixture(scope="module")
def bundle(worked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(worked, tmp_path_factory.mktemp("sent") / "work.session", runs=True)


def test_a_whole_session_arrives_with_the_state_the_steps_and_the_pixels_that_it_had(
    worked: Path, bundle: Path, tmp_path: Path
) -> None:
    there = imported(bundle, tmp_path / "there")
    assert digest_of(there) == digest_of(worked)
    assert finish(verify_job(there)(CancelToken())).problems == []
    with Project.open(worked, readonly=True) as old, Project.open(there) as new:
        assert new.journal.gestures() == old.journal.gestures()
        assert new.journal.last_event == old.journal.last_event
        for image in old.state.images:
            assert np.array_equal(old.read(image), new.read(image))
        session = Session(new)
        assert session.redo()  # what was taken back last there can be brought back here
        assert new.state.images[1].tag == DEFECTIVE
    assert (there / "runs" / "one" / "run.json").is_file()


def test_the_same_session_gives_the_same_file(worked: Path, bundle: Path, tmp_path: Path) -> None:
    assert exported(worked, tmp_path / "again", runs=True).read_bytes() == bundle.read_bytes()


def test_one_round_takes_along_only_the_images_that_it_showed(session: Session, tmp_path: Path) -> None:
    session.tag([1, 2], DEFECTIVE)
    for number, image in enumerate((5, 4)):
        shown = panel(f"{number}-1")
        moved = [replace(one, patch=replace(one.patch, image=image)) for one in (shown.anchor, *shown.candidates)]
        asked = replace(shown, round=number, anchor=moved[0], positives=tuple(moved[1:3]), negatives=tuple(moved[3:]))
        session.record("answer", [PanelAnswered(asked, answer(asked, [0]))])
    there = imported(exported(session.project.folder, tmp_path / "round", round=1), tmp_path / "there")
    assert finish(verify_job(there)(CancelToken())).problems == []
    with Project.open(there) as project:
        assert set(project.state.images) == {4}
        assert project.state.answers == {"1-1": session.project.state.answers["1-1"]}
        assert Session(project).undo_name == "answer"


def test_events_from_one_to_another_are_sent_in_whole_steps(session: Session, tmp_path: Path) -> None:
    first = session.project.journal.last_event
    session.tag([1, 2, 3], DEFECTIVE)
    session.tag([4], DEFECTIVE)
    there = imported(
        exported(session.project.folder, tmp_path / "f", first=first + 2, last=first + 2), tmp_path / "there"
    )
    with Project.open(there, readonly=True) as project:
        assert set(project.state.images) == {1, 2, 3}
        assert all(entry.tag == DEFECTIVE for entry in project.state.images.values())
    for wrong in ({"first": 900}, {"first": 5, "last": 4}, {"round": 7}, {"round": 1, "last": 4}):
        with pytest.raises(DefectStudioError):
            exported(session.project.folder, tmp_path / "none", **wrong)
    assert not (tmp_path / "none").exists()


def all_bytes(path: Path) -> Iterator[bytes]:
    """Every byte of a file or folder, and of what is packed in it."""
    for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
        data = file.read_bytes()
        yield data
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                yield repr([info.__reduce_ex__(2) for info in archive.infolist()]).encode()
                yield from (archive.read(name) for name in archive.namelist())


def test_an_anonymised_session_keeps_nothing_of_names_paths_notes_and_times_in_any_byte(
    worked: Path, tmp_path: Path
) -> None:
    sent = exported(worked, tmp_path / "x", anonymised=True)
    there = imported(sent, tmp_path / "there")
    with Project.open(worked, readonly=True) as old:
        gestures = old.journal.gestures()
        hashes = [entry.info.sha256 for entry in old.state.images.values()]
        names = [entry.info.name for entry in old.state.images.values()]
    secrets = [*SECRETS, *hashes, *names, str(worked.parent), worked.parent.name, *(f"{g.at:.0f}" for g in gestures)]
    for data in [*all_bytes(sent), *all_bytes(there)]:
        found = [secret for secret in secrets if secret.encode() in data]
        assert found == []


def test_the_search_for_names_finds_them_where_nothing_was_anonymised(worked: Path, tmp_path: Path) -> None:
    data = b"".join(all_bytes(exported(worked, tmp_path / "x")))
    assert [
        secret for secret in ("ada-lovelace", "part0", "source", "secret words") if secret.encode() not in data
    ] == []


def test_an_anonymised_session_says_the_same_of_pixels_and_keeps_the_time_between_steps(
    worked: Path, tmp_path: Path
) -> None:
    there = imported(exported(worked, tmp_path / "x", anonymised=True), tmp_path / "there")
    assert finish(verify_job(there)(CancelToken())).problems == []
    with Project.open(worked, readonly=True) as old, Project.open(there, readonly=True) as new:
        assert {i: e.tag for i, e in new.state.images.items()} == {i: e.tag for i, e in old.state.images.items()}
        assert all(np.array_equal(new.state.maps[image], old.state.maps[image]) for image in old.state.maps)
        assert list(new.state.answers) == list(old.state.answers)
        was = {gesture.id: gesture for gesture in old.journal.gestures()}
        now = new.journal.gestures()
        assert now[0].at == 946_684_800.0
        for one, other in pairwise(now):
            assert other.at - one.at == pytest.approx(was[other.id].at - was[one.id].at, abs=0.002)
        assert {gesture.author for gesture in now} == {"person 1", "person 2"}


def test_any_flipped_byte_and_any_cut_is_found_before_anything_is_written(bundle: Path, tmp_path: Path) -> None:
    data, rng = bundle.read_bytes(), np.random.default_rng(0)
    places = [0, len(MAGIC), len(MAGIC) + 5, *rng.integers(0, len(data), 40).tolist(), len(data) - 1]
    broken = [data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :] for at in places]
    broken += [data[:size] for size in (0, 10, len(MAGIC) + DIGITS, len(data) // 2, len(data) - 1)] + [data + b"x"]
    path, out = tmp_path / "x", tmp_path / "there"
    for changed in broken:
        path.write_bytes(changed)
        with pytest.raises(DefectStudioError, match=r"changed or cut off|is no session|A newer"):
            imported(path, out)
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_session_of_a_newer_version_asks_for_the_newer_program(bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bundle.read_bytes().replace(b"session 1\n", b"session 2\n", 1))
    with pytest.raises(DefectStudioError, match=r"version 2; this one knows 1.*Install the newer"):
        imported(path, tmp_path / "there")


def forged(source: Path, out: Path, change: dict[str, bytes]) -> Path:
    """A bundle with other entries, and with a seal that holds."""
    with zipfile.ZipFile(source) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()} | change
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    packed.seek(0)
    out.write_bytes(MAGIC + b"1\n" + _digest(packed).encode() + b"\n" + packed.getvalue())
    return out


def manifest_of(bundle: Path) -> Manifest:
    with zipfile.ZipFile(bundle) as archive:
        return Manifest.model_validate_json(archive.read("manifest.json"))


def lines_of(bundle: Path) -> list[list[object]]:
    with zipfile.ZipFile(bundle) as archive:
        return [json.loads(line) for line in archive.read("events.jsonl").splitlines()]


def as_lines(lines: list[list[object]]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


@pytest.mark.parametrize(
    "name", ["../out.txt", "/tmp/out.txt", "runs/../../x.json", "images/../x.raw", "runs/a/../b.c"]
)
def test_names_never_lead_out_of_the_folder(name: str, bundle: Path, tmp_path: Path) -> None:
    manifest = manifest_of(bundle)
    listed = manifest.model_copy(update={"files": {**manifest.files, name: 4}})
    for change in ({name: b"evil"}, {name: b"evil", "manifest.json": listed.model_dump_json().encode()}):
        path = forged(bundle, tmp_path / "x", change)
        with pytest.raises(DefectStudioError, match="holds a file that no session has"):
            imported(path, tmp_path / "in" / "there")
    assert sorted(tmp_path.iterdir()) == [tmp_path / "x"]


def test_a_shard_or_run_in_the_events_cannot_be_called_a_way_out(bundle: Path, tmp_path: Path) -> None:
    for kind in ("shard", "run"):
        lines = lines_of(bundle)
        line = next(line for line in lines if line[0] == "event" and line[2] == kind)
        line[3] = json.dumps(["../../evil", *json.loads(str(line[3]))[1:]])
        path = forged(bundle, tmp_path / "x", {"events.jsonl": as_lines(lines)})
        with pytest.raises(DefectStudioError, match="holds a file that no session has"):
            imported(path, tmp_path / "there")
    manifest = json.loads(manifest_of(bundle).model_dump_json())
    manifest["images"][0]["shard"] = "../../evil.h5"
    path = forged(bundle, tmp_path / "x", {"manifest.json": json.dumps(manifest).encode()})
    with pytest.raises(DefectStudioError, match="changed or cut off"):
        imported(path, tmp_path / "there")


def test_what_an_image_says_of_its_size_is_checked_before_memory_is_used(bundle: Path, tmp_path: Path) -> None:
    for change in ({"height": 10**9}, {"height": 25}, {"bits": 16}, {"id": 999}):
        manifest = json.loads(manifest_of(bundle).model_dump_json())
        manifest["images"][0] |= change
        path = forged(bundle, tmp_path / "x", {"manifest.json": json.dumps(manifest).encode()})
        with pytest.raises(DefectStudioError, match=r"changed or cut off|no session has"):
            imported(path, tmp_path / "there")


def test_steps_that_make_no_sense_are_refused_and_leave_nothing(bundle: Path, tmp_path: Path) -> None:
    lines = lines_of(bundle)
    first = next(n for n, line in enumerate(lines) if line[0] == "event" and line[2] == "tagged")
    wrong = {
        "an image that never came": ["event", 77777, *lines[first][2:]],
        "an unknown kind": ["event", 1, "sung", "[]", None, None],
        "no base64": ["event", 1, "painted", '[0,0,2,2,"drawn"]', "?", "?"],
        "a box outside": ["event", 1, "painted", '[0,0,9999,9999,"drawn"]', None, None],
        "no list": ["verse"],
    }
    for line in wrong.values():
        changed = [*lines[: first + 1], line, *lines[first + 1 :]]
        path = forged(bundle, tmp_path / "x", {"events.jsonl": as_lines(changed)})
        with pytest.raises(DefectStudioError):
            imported(path, tmp_path / "there")
    last = max(n for n, line in enumerate(lines) if line[0] == "event" and line[2] == "tagged")
    changed = [line for n, line in enumerate(lines) if n != last]
    path = forged(bundle, tmp_path / "x", {"events.jsonl": as_lines(changed)})
    with pytest.raises(DefectStudioError, match="another state"):
        imported(path, tmp_path / "there")
    assert sorted(tmp_path.iterdir()) == [tmp_path / "x"]


def test_a_full_disk_is_said_at_once_and_leaves_nothing(
    worked: Path, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda path: usage(10_000, 9_000, 1_000))
        with pytest.raises(DefectStudioError, match=r"needs up to .* MB"):
            imported(bundle, tmp_path / "there")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for target in ("os.fsync", "shutil.copyfileobj"):
        with monkeypatch.context() as patched:
            patched.setattr(target, full)
            with pytest.raises(DefectStudioError, match=r"No space left|disk is full"):
                imported(bundle, tmp_path / "there")
            with pytest.raises(DefectStudioError, match="disk is full"):
                exported(worked, tmp_path / "sent", runs=True)
    with monkeypatch.context() as patched:
        prepare = Journal._prepare

        def small(self: Journal, **how: bool) -> None:
            prepare(self, **how)
            self.connection.execute("PRAGMA max_page_count=27")

        patched.setattr(Journal, "_prepare", small)
        with pytest.raises(DefectStudioError, match="disk is full"):
            imported(bundle, tmp_path / "there")
    assert list(tmp_path.iterdir()) == []


def test_cancelled_nothing_is_left(worked: Path, bundle: Path, tmp_path: Path) -> None:
    for job in (
        export_job(worked, tmp_path / "x"),
        import_job(bundle, tmp_path / "y"),
        branch_job(worked, 9, tmp_path / "z"),
    ):
        for steps in (1, 5):
            token = CancelToken()
            running = job(token)
            for _ in range(steps):
                next(running)
            token.cancel()
            with pytest.raises(Cancelled):
                finish(running)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_project_is_not_sent_as_if_it_were_whole(worked: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(worked, tmp_path / "copy"))
    with sqlite3.connect(folder / "project.db") as db:
        db.execute("UPDATE events SET payload = replace(payload, 'good', 'good ') WHERE kind = 'tagged'")
    db.close()
    for job in (export_job(folder, tmp_path / "x"), branch_job(folder, 9, tmp_path / "z")):
        with pytest.raises(DefectStudioError, match="not what its journal says"):
            finish(job(CancelToken()))
    assert list(tmp_path.iterdir()) == [folder]


def test_the_commands_speak_json_and_refuse_what_cannot_be(
    worked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, there = str(tmp_path / "x"), str(tmp_path / "there")
    assert run(["session", "export", str(worked), "--out", file, "--anonymise", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["anonymised"]
    assert run(["session", "import", file, "--out", there, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["digest"] == made["digest"]
    assert run(["session", "import", file, "--out", there]) == 1
    assert "Name a new folder." in capsys.readouterr().err
    assert run(["session", "export", str(worked), "--out", file, "--anonymise", "--runs"]) == 1
    assert run(["session", "export", str(worked)]) == 2
    assert run(["session", "import", str(tmp_path / "none"), "--out", str(tmp_path / "b")]) == 1
    assert run(["session", "import", str(worked / "project.db"), "--out", str(tmp_path / "b")]) == 1
    assert "is no session" in capsys.readouterr().err
