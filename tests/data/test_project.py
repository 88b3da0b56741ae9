import json
import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from defectstudio.app.projects import import_job, record_import, summary
from defectstudio.data.check import CheckReport, check
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.images import PixelStore, ShardWriter
from defectstudio.data.journal import Journal
from defectstudio.data.project import Project, ProjectLocked, is_local
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, Box, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session


def checked(folder: Path) -> CheckReport:
    return finish(check(folder, CancelToken()))


def test_an_import_survives_closing_and_its_pixels_come_back_at_their_own_depth(session: Session) -> None:
    folder = session.project.folder
    before = {i: session.project.read(i) for i in session.project.present_images()}
    session.project.close()
    with Project.open(folder) as again:
        assert again.state.classes[1].name == "spot"
        assert [again.state.images[i].info.name for i in again.present_images()] == [f"part{n}" for n in range(6)]
        assert all(np.array_equal(again.read(i), pixels) for i, pixels in before.items())
    assert checked(folder).whole


def test_the_summary_counts_what_was_imported(session: Session) -> None:
    found = summary(session.project)
    assert found.images == 6
    assert found.groups == 5
    train = next(split for split in found.splits if split.split == "train")
    assert (train.good, train.defective, train.unlabelled, train.segmented) == (3, 1, 0, 1)


def test_a_snapshot_knows_which_images_are_segmented(session: Session) -> None:
    snapshot = session.project.snapshot()
    assert [image.segmented for image in snapshot.images] == [True] * 5 + [False]
    assert snapshot.images[4].label_map()[12, 10] == 1
    assert (snapshot.images[5].label_map() == 255).all()
    assert not snapshot.with_maps_of([]).images[4].segmented


def test_importing_the_same_images_again_adds_nothing(session: Session, plan: ImportPlan) -> None:
    last = session.project.journal.last_event
    batch = finish(import_job(session.project, plan)(CancelToken()))
    record_import(session, plan, batch)
    assert (batch.images, batch.skipped) == (0, 6)
    assert session.project.journal.last_event == last
    assert checked(session.project.folder).notes == []


def test_an_image_of_the_same_name_but_other_bytes_gets_a_name_of_its_own(session: Session, plan: ImportPlan) -> None:
    from tests.conftest import surface, write_image

    write_image(plan.items[0].path, surface(99))
    record_import(session, plan, finish(import_job(session.project, plan)(CancelToken())))
    names = [session.project.state.images[i].info.name for i in session.project.present_images()]
    assert len(names) == len(set(names)) == 7


def test_a_corrupt_image_is_reported_and_the_rest_comes_in(tmp_path: Path, plan: ImportPlan) -> None:
    plan.items[2].path.write_bytes(b"\x89PNG\r\n\x1a\nnot really")
    with Project.create(tmp_path / "project") as project:
        batch = finish(import_job(project, plan)(CancelToken()))
        assert batch.images == 5
        assert [finding.paths for finding in batch.findings] == [("part2",)]


def test_a_cancelled_import_leaves_the_project_as_it_was(tmp_path: Path, plan: ImportPlan) -> None:
    with Project.create(tmp_path / "project") as project:
        token = CancelToken()
        job = import_job(project, plan)(token)
        next(job)
        next(job)
        token.cancel()
        with pytest.raises(Cancelled):
            finish(job)
        assert list(project.images_folder.iterdir()) == []


def test_when_the_journal_refuses_an_import_its_files_go_too(tmp_path: Path, plan: ImportPlan) -> None:
    with Project.create(tmp_path / "project") as project:
        session = Session(project)
        batch = finish(import_job(project, plan)(CancelToken()))
        project.journal.connection.execute("PRAGMA query_only=ON")
        with pytest.raises(DefectStudioError):
            record_import(session, plan, batch)
        assert list(project.images_folder.iterdir()) == []
        assert project.state.images == {}


def test_a_full_disk_keeps_the_state_as_it_is_on_disk(session: Session) -> None:
    db = session.project.journal.connection
    db.execute(f"PRAGMA max_page_count={db.execute('PRAGMA page_count').fetchone()[0]}")
    noise = np.random.default_rng(0).integers(0, 2, (48, 40)).astype(np.uint8)
    image = session.project.present_images()[5]
    with pytest.raises(DefectStudioError, match="full"):
        for turn in range(1000):
            session.paint(image, Box(0, 0, 48, 40), np.roll(noise, turn, axis=1), name="paint")
    session.project.close()
    assert checked(session.project.folder).whole


def test_only_one_program_writes_and_a_second_one_is_told_who(session: Session) -> None:
    with pytest.raises(ProjectLocked, match=str(os.getpid())):
        Project.open(session.project.folder)
    with Project.open(session.project.folder, readonly=True) as reader:
        assert len(reader.present_images()) == 6
        with pytest.raises(DefectStudioError, match="reading only"):
            Session(reader).tag([1], DEFECTIVE)


def test_a_reader_in_another_process_sees_what_the_writer_committed(session: Session) -> None:
    session.tag([1], DEFECTIVE)
    script = (
        "import sys, pathlib; from defectstudio.data.project import Project\n"
        "print(Project.open(pathlib.Path(sys.argv[1]), readonly=True).state.images[1].tag.verdict)"
    )
    out = subprocess.run(
        [sys.executable, "-c", script, str(session.project.folder)], capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "defective"


def test_making_a_project_over_something_else_is_refused(tmp_path: Path, session: Session) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    with pytest.raises(DefectStudioError, match="empty"):
        Project.create(tmp_path / "full")
    with pytest.raises(DefectStudioError, match="already"):
        Project.create(session.project.folder)
    with pytest.raises(DefectStudioError, match="not a DefectStudio project"):
        Project.open(tmp_path / "absent")


def test_a_project_of_a_newer_version_and_a_damaged_one_are_refused_clearly(session: Session) -> None:
    folder = session.project.folder
    session.project.journal.connection.execute("PRAGMA user_version=99")
    session.project.close()
    with pytest.raises(DefectStudioError, match="newer"):
        Project.open(folder)
    (folder / "project.db").write_bytes(b"SQLite format 3\0" + bytes(500))
    with pytest.raises(DefectStudioError):
        Project.open(folder)


def test_check_finds_a_changed_state_a_changed_event_and_changed_pixels(session: Session) -> None:
    folder, db = session.project.folder, session.project.journal.connection
    db.execute("UPDATE images SET tag = '[\"good\"]' WHERE id = 5")
    assert any("tag" in problem for problem in checked(folder).problems)
    db.execute("UPDATE images SET tag = '[\"defective\",1]' WHERE id = 5")
    assert checked(folder).whole
    db.execute("UPDATE tiles SET code = (SELECT before FROM events WHERE kind = 'painted' LIMIT 1)")
    assert any("label map" in problem for problem in checked(folder).problems)
    db.execute("UPDATE tiles SET code = (SELECT after FROM events WHERE kind = 'painted' LIMIT 1)")
    db.execute("UPDATE gestures SET author = 'somebody else' WHERE id = 1")
    assert any("Event 1" in problem for problem in checked(folder).problems)
    session.project.close()


@pytest.mark.parametrize("seed", range(8))
def test_any_changed_byte_of_a_shard_is_found(session: Session, seed: int) -> None:
    shard = next(session.project.images_folder.iterdir())
    session.project.close()
    content = bytearray(shard.read_bytes())
    content[np.random.default_rng(seed).integers(len(content))] ^= 0x40
    shard.write_bytes(content)
    assert any("0001.h5" in problem for problem in checked(session.project.folder).problems)
    shard.unlink()
    assert any("missing" in problem for problem in checked(session.project.folder).problems)


def test_a_damaged_shard_is_an_expected_error_when_read(session: Session) -> None:
    folder = session.project.folder
    session.project.close()
    (folder / "images" / "0001.h5").write_bytes(b"nothing")
    with Project.open(folder) as project, pytest.raises(DefectStudioError, match="images/0001"):
        project.read(1)


def test_large_images_have_levels_each_half_the_one_before(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 65535, (3001, 5000), dtype=np.uint16)
    writer = ShardWriter(tmp_path / "0001.h5")
    writer.add(7, pixels, source="x.tif", sha256="0")
    writer.finish()
    store = PixelStore(tmp_path)
    assert store.levels("0001.h5", 7) == 3
    assert store.read("0001.h5", 7, level=1).shape == (1500, 2500)
    assert store.read("0001.h5", 7, level=2).shape == (750, 1250)
    assert store.read("0001.h5", 7, level=1)[0, 0] == (int(pixels[:2, :2].astype(int).sum()) + 2) // 4
    assert np.array_equal(store.read("0001.h5", 7, box=Box(10, 20, 40, 60)), pixels[10:40, 20:60])
    store.close()


def test_a_stray_file_of_an_unfinished_import_is_noted_but_does_no_harm(session: Session, plan: ImportPlan) -> None:
    with h5py.File(session.project.images_folder / "0002.h5", "w"):
        pass
    report = checked(session.project.folder)
    assert report.whole
    assert "0002.h5" in report.notes[0]
    assert json.dumps(report.notes)


def test_a_killed_import_leaves_a_valid_project(tmp_path: Path, plan: ImportPlan) -> None:
    Project.create(tmp_path / "project").close()
    script = (
        "import os, sys, pathlib\n"
        "from defectstudio.app.projects import import_job\n"
        "from defectstudio.data.exchange.plan import ImportItem, ImportPlan\n"
        "from defectstudio.data.project import Project\n"
        "from defectstudio.domain.labels import Verdict\n"
        "from defectstudio.domain.progress import CancelToken\n"
        "folder, source = map(pathlib.Path, sys.argv[1:])\n"
        "items = [ImportItem(p, p.stem, Verdict.GOOD) for p in sorted(source.glob('*.png'))]\n"
        "job = import_job(Project.open(folder), ImportPlan('folder', source, items, ()))(CancelToken())\n"
        "next(job); next(job); next(job)\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "project"), str(plan.source)], check=False)
    assert done.returncode == 9
    with Project.open(tmp_path / "project") as project:
        assert project.present_images() == []
        record_import(Session(project), plan, finish(import_job(project, plan)(CancelToken())))
    assert checked(tmp_path / "project").whole


def test_sixteen_bit_and_colour_pixels_keep_depth_and_channels(tmp_path: Path) -> None:
    from tests.conftest import write_image

    deep = np.arange(48 * 40, dtype=np.uint16).reshape(48, 40) * 30
    colour = np.random.default_rng(0).integers(0, 255, (20, 30, 3), dtype=np.uint8)
    items = [
        ImportItem(write_image(tmp_path / "s" / "deep.png", deep), "deep", Verdict.UNLABELLED),
        ImportItem(write_image(tmp_path / "s" / "colour.bmp", colour), "colour", Verdict.UNLABELLED),
    ]
    with Project.create(tmp_path / "project") as project:
        found = ImportPlan("folder", tmp_path / "s", items, ())
        record_import(Session(project), found, finish(import_job(project, found)(CancelToken())))
        assert np.array_equal(project.read(1), deep)
        assert np.array_equal(project.read(2), colour)
        assert [project.state.images[i].info.bits for i in (1, 2)] == [16, 8]


def test_the_local_disk_is_recognised(tmp_path: Path) -> None:
    assert is_local(tmp_path)


def test_the_journal_refuses_a_database_that_is_not_ours(tmp_path: Path) -> None:
    import sqlite3

    db = sqlite3.connect(tmp_path / "project.db")
    db.execute("CREATE TABLE t(x)")
    db.commit()
    db.close()
    with pytest.raises(DefectStudioError, match="not a DefectStudio project"):
        Journal(tmp_path / "project.db")
