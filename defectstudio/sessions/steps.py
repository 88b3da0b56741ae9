"""Which gestures undo would take back and redo would bring back, read from the journal's end as far as needed.

A journal may hold a million gestures; a window that opens needs the last few. Read backwards, a gesture stands unless
one that came later took it back: an undo takes a gesture back, and a redo takes back that undo and stands for both.
"""

from __future__ import annotations

from bisect import bisect_left

from defectstudio.data.journal import Gesture, Journal

AT_ONCE = 1000


class Steps:
    """The stacks of undo and redo. `remember` keeps them up to date with what is recorded from now on."""

    def __init__(self, journal: Journal, at_once: int = AT_ONCE) -> None:
        self._journal, self._at_once = journal, at_once
        self._undo: list[Gesture] = []
        self._redo: list[Gesture] = []
        self._reverted: set[int] = set()
        self._before: int | None = None
        self._whole = self._undone_only = False
        self._read_redo()

    def _read_redo(self) -> None:
        """What can be redone are the undos since the last new step."""
        self._undone_only = True
        while self._undone_only and not self._whole:
            self._read()
        self._redo.reverse()

    def _read(self) -> None:
        """Take in the gestures before those that are known."""
        found = self._journal.gestures_before(self._before, self._at_once)
        self._whole = len(found) < self._at_once
        older = [gesture for gesture in found if self._stands(gesture)]
        self._undo = older[::-1] + self._undo
        self._before = found[-1].id if found else self._before

    def _stands(self, gesture: Gesture) -> bool:
        """Whether undo would come to it; called from the newest to the oldest."""
        if gesture.reverts is None:
            self._undone_only = False
        elif gesture.id in self._reverted or _is_undo(gesture) or gesture.name.startswith("redo "):
            self._reverted.add(gesture.reverts)
        if gesture.id in self._reverted:
            self._reverted.discard(gesture.id)
            return False
        if not _is_undo(gesture):
            return True
        if self._undone_only:
            self._redo.append(gesture)
        return False

    def _fill(self) -> None:
        while not self._undo and not self._whole:
            self._read()

    @property
    def next_undo(self) -> Gesture | None:
        """The gesture that undo would take back."""
        self._fill()
        return self._undo[-1] if self._undo else None

    @property
    def next_redo(self) -> Gesture | None:
        """The undo that redo would take back."""
        return self._redo[-1] if self._redo else None

    def since(self, gesture: int) -> tuple[int, ...]:
        """The numbers, from that of a gesture on, that undo would take back one after the other, the next one last."""
        while not self._whole and (self._before is None or self._before > gesture):
            self._read()
        first = bisect_left(self._undo, gesture, key=lambda one: one.id)  # what comes later has a higher number
        return tuple(one.id for one in self._undo[first:])

    def remember(self, gesture: Gesture) -> None:
        """Sort a new gesture in: a step forward, an undo, or a redo."""
        if gesture.reverts is not None and (last := self.next_undo) is not None and gesture.reverts == last.id:
            self._undo.pop()
            self._redo.append(gesture)
        elif gesture.reverts is not None and (last := self.next_redo) is not None and gesture.reverts == last.id:
            self._redo.pop()
            self._undo.append(gesture)
        else:
            self._redo.clear()
            self._undo.append(gesture)


def _is_undo(gesture: Gesture) -> bool:
    return gesture.reverts is not None and gesture.name.startswith("undo ")
