"""Errors that a person can act on: one sentence on what is wrong, one on the way out."""

from __future__ import annotations


class DefectStudioError(Exception):
    """An expected error, shown as one notice (window) or one line (command line), exit code 1.

    `hint` says what to do about it. Anything else that is raised is a bug and is logged with its traceback.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class OutOfMemory(DefectStudioError):
    """The machine's or the GPU's memory is used up. `smaller_batch`: a batch size worth trying, None where none is."""

    def __init__(self, message: str, *, hint: str = "", smaller_batch: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.smaller_batch = smaller_batch


class Cancelled(Exception):
    """The user asked the job to stop; what was finished before stays valid."""
