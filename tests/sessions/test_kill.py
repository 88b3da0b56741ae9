"""A real process is killed with SIGKILL while it paints: every stroke that had ended is whole on disk, no half one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sessions.test_any_sequence import make_project

PAINTER = '''
import json, os, random, select, signal, sys
from pathlib import Path

import numpy as np

from defectstudio.data.check import check
from defectstudio.data.project import Project
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.painting.shapes import segment, stroke
from defectstudio.sessions.session import Session

folder, image, shape = Path(sys.argv[1]), 4, (1030, 20)


def path(number):
    place = random.Random(number)
    return [(place.uniform(0, 20), place.uniform(0, 1030)) for _ in range(4)], number % 3


def paint(done, told):
    """Paint one stroke after the other, telling of each when it is said to be on disk."""
    with Project.open(folder) as project:
        annotator = Annotator(Session(project))
        while True:
            points, value = path(done)
            live = annotator.begin_stroke(image, value)
            for start, end in zip(points, points[1:]):
                live.add(segment(start, end, 3, shape))
            live.commit(f"stroke {done}")
            done += 1
            os.write(told, b".")


def painted_and_killed(done, place):
    """Kill a painting process at a random moment; returns how many strokes it had told of."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            paint(done, told)
        finally:
            os._exit(1)
    os.close(told)
    count = len(os.read(heard, 1))
    for _ in range(place.randrange(8)):
        count += len(os.read(heard, 1))
    select.select([], [], [], place.uniform(0, 0.01))
    os.kill(child, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    while rest := os.read(heard, 4096):
        count += len(rest)
    os.close(heard)
    return count


expected, done, rounds = np.full(shape, 255, np.uint8), 0, []
with Project.open(folder) as project:
    first = len(project.journal.gestures())
for number in range(int(sys.argv[2])):
    told = painted_and_killed(done, random.Random(1000 + number))
    with Project.open(folder) as project:
        names = [gesture.name for gesture in project.journal.gestures()[first:]]
        for index in range(done, len(names)):
            points, value = path(index)
            patch = stroke(points, 3, shape)
            expected[patch.box.slices][patch.mask] = value
        drawn = project.state.label_map(image)
        rounds.append({
            "told": told,
            "kept": len(names) - done,
            "in_order": names == [f"stroke {n}" for n in range(len(names))],
            "whole": bool((drawn == expected).all()),
            "problems": finish(check(folder, CancelToken())).problems,
        })
        done = len(names)
print(json.dumps(rounds))
'''


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_no_stroke_is_lost_or_halved_when_the_program_is_killed_at_any_moment(tmp_path: Path) -> None:
    make_project(tmp_path / "project")
    script = tmp_path / "painter.py"
    script.write_text(PAINTER)
    command = [sys.executable, str(script), str(tmp_path / "project"), "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rounds = json.loads(done.stdout)
    assert len(rounds) == 20
    for each in rounds:
        assert each["told"] >= 1
        assert each["told"] <= each["kept"] <= each["told"] + 1
        assert each["in_order"] and each["whole"] and each["problems"] == []
