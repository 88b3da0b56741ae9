"""Notes on a refinement session: a few lines beside the rounds, of no importance to any of them."""

from __future__ import annotations

from pathlib import Path

from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError

NOTES = "notes.txt"
MOST_BYTES = 1_000_000


def notes_file(project: Path) -> Path:
    """Where the notes of a project lie."""
    return project / "rounds" / NOTES


def read_notes(project: Path) -> str:
    """The notes, "" where there are none. Raises DefectStudioError when they cannot be read."""
    path = notes_file(project)
    try:
        return path.read_bytes()[:MOST_BYTES].decode("utf-8", "replace") if path.is_file() else ""
    except OSError as error:
        raise DefectStudioError(
            f"The notes of the refinement cannot be read: {error.strerror}.", hint=f"Look at {path}."
        ) from error


def write_notes(project: Path, text: str) -> None:
    """Keep the notes, whole or as they were before. Raises DefectStudioError when they cannot be written."""
    with written_whole(notes_file(project)) as temporary:
        temporary.write_text(text, encoding="utf-8")
