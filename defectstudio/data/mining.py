"""The queue of detections that wait for an operator: `mining/queue.json` in a project, written whole.

It says what runs found in which images, and can be made by looking through them again; verdicts stand in the journal.
"""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box, decode_runs, encode_runs
from defectstudio.domain.mentoring import Detection, Head

FOLDER, FILE = "mining", "queue.json"


class Mined(BaseModel):
    """One detection as it was found. `cells`: the cells of the heat map that it covers; `at`: when, UTC, ISO 8601."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    image: int
    run: str
    box: tuple[int, int, int, int]
    class_index: int
    confidence: float
    cells: str = ""
    at: str = ""

    @classmethod
    def of(cls, detection: Detection, cells: NDArray[np.bool_] | None, at: str) -> Mined:
        """`cells`: None where the detection stands for all that its box covers."""
        box = detection.box
        return cls(
            id=detection.id,
            image=detection.image,
            run=detection.run,
            box=(box.top, box.left, box.bottom, box.right),
            class_index=detection.class_index,
            confidence=detection.confidence,
            cells="" if cells is None else base64.b64encode(encode_runs(cells.astype(np.uint8))).decode("ascii"),
            at=at,
        )

    @property
    def detection(self) -> Detection:
        return Detection(self.id, self.image, self.run, Box(*self.box), self.class_index, self.confidence)

    def cell_mask(self) -> NDArray[np.bool_] | None:
        """The cells (h/s, w/s) bool, None where they are not known. Raises DefectStudioError when damaged."""
        if not self.cells:
            return None
        return np.asarray(decode_runs(base64.b64decode(self.cells), most_pixels=100_000_000) > 0)


class MiningQueue(BaseModel):
    """All that was found and the images that were looked at, by `looked_by`."""

    model_config = ConfigDict(extra="forbid")

    detections: list[Mined] = Field(default_factory=list)
    looked: dict[str, list[int]] = Field(default_factory=dict)


def looked_by(run: str, head: Head) -> str:
    """Who looked: a run, by the one or the other head."""
    return run if head == "cells" else f"{run}/{head}"


def queue_path(folder: Path) -> Path:
    """Where the queue of the project in `folder` lies."""
    return folder / FOLDER / FILE


def read_queue(folder: Path) -> MiningQueue:
    """The queue of a project, empty where nothing was looked through. Raises DefectStudioError when it is damaged."""
    path = queue_path(folder)
    try:
        return MiningQueue.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return MiningQueue()
    except OSError as error:
        raise DefectStudioError(f"The queue of detections cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        hint = f"Delete {FOLDER}/{FILE} in the project and look through the images again."
        raise DefectStudioError("The queue of detections is damaged.", hint=hint) from error


def write_queue(folder: Path, queue: MiningQueue) -> None:
    """Put the queue into its place in one step. Raises DefectStudioError when it cannot be written."""
    path = queue_path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as temporary:
        temporary.write_text(queue.model_dump_json(), encoding="utf-8")
