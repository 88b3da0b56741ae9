"""Files that are whole or absent: written beside their place, brought to disk, then renamed."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from defectstudio.domain.errors import DefectStudioError


@contextmanager
def written_whole(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Give a free name in the same folder to write to; at the end it takes the place of `path` in one step.

    When the block fails nothing is left behind and an older file stays. `durable`: wait until it is on the disk, which
    a cache can do without. Raises DefectStudioError when the disk is full or the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        if durable:
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def unwritable(path: Path, error: OSError) -> DefectStudioError:
    """One sentence for a failed write, and the way out."""
    if error.errno == errno.ENOSPC or "No space left" in str(error):
        return DefectStudioError(f"The disk is full; {path.name} was not written.", hint="Free some space, then retry.")
    reason = error.strerror or str(error)
    return DefectStudioError(
        f"{path} cannot be written: {reason}.", hint="Check the permissions of its folder, then retry."
    )
