"""What a person says of training runs, and which of them the project keeps: each call one gesture.

A deleted run leaves the project, not the disk: its files stay until they are purged (`app.runs`), so undo brings it
back whole. A run that never came to its end is no part of the journal yet, but can be marked and deleted all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from defectstudio.data.project import Project
from defectstudio.data.runs import RECORD
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import UNMARKED, Event, RunAdded, RunMark, RunMarked
from defectstudio.sessions.session import Session

LONGEST_NAME = 80


def known_runs(project: Project) -> list[str]:
    """The ids of all runs that are not deleted: those of the journal, then those that never came to their end."""
    state, folder = project.state, project.runs_folder
    strays = sorted(path.parent.name for path in folder.glob(f"*/{RECORD}")) if folder.is_dir() else []
    unended = [run for run in strays if run not in state.runs and run not in state.deleted_runs]
    return [*state.runs, *unended]


def mark_of(project: Project, run: str) -> RunMark:
    """What was said of a run."""
    return project.state.marks.get(run, UNMARKED)


def called(project: Project, run: str) -> str:
    """The name of a run: its own, else its id."""
    return mark_of(project, run).name or run


def find_run(project: Project, text: str) -> str:
    """The run with this id, or else with this name. Raises DefectStudioError when there is none, or more than one."""
    known = known_runs(project)
    if text in known:
        return text
    named = [run for run in known if mark_of(project, run).name.casefold() == text.casefold() != ""]
    if len(named) == 1:
        return named[0]
    if named:
        raise DefectStudioError(f"Several runs are called {text}: {', '.join(named)}.", hint="Give the id of one.")
    listed = ", ".join(known) or "none"
    raise DefectStudioError(f"There is no run {text}.", hint=f"The runs are: {listed}.")


class RunKeeper:
    """Names, notes, stars and the deletion of runs on one session. All methods raise DefectStudioError on a run that
    is not there, and then change nothing.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._project = session.project

    def rename(self, run: str, name: str) -> bool:
        """Give a run a name of its own, "" to take it away; False when it has it already."""
        text = self._checked_name(run, name)
        old = called(self._project, run)
        return self._mark(f"rename run {old} to {text or run}", {run: replace(self._of(run), name=text)})

    def note(self, run: str, text: str) -> bool:
        """Write the note of a run anew, "" to take it away; False when it says so already."""
        return self._mark(f"note on run {called(self._project, run)}", {run: replace(self._of(run), note=text.strip())})

    def star(self, runs: Iterable[str], starred: bool = True) -> bool:
        """Star runs, or take their stars away, as one gesture; False when nothing changes."""
        marks = {run: replace(self._of(run), starred=starred) for run in runs}
        return self._mark(f"{'star' if starred else 'unstar'} {self._said(list(marks))}", marks)

    def delete(self, runs: Iterable[str]) -> None:
        """Take runs from the project as one gesture. Their files stay, so undo brings them back."""
        chosen = list(dict.fromkeys(runs))
        for run in chosen:
            self._of(run)
        weights = self._project.state.runs
        events = [RunAdded(run, weights.get(run, ""), present=False) for run in chosen]
        self.session.record(f"delete {self._said(chosen)}", events)

    def restore(self, run: str) -> None:
        """Bring a deleted run back whose files are still there."""
        deleted = self._project.state.deleted_runs
        if run not in deleted or not (self._project.runs_folder / run / RECORD).is_file():
            can = ", ".join(d for d in deleted if (self._project.runs_folder / d / RECORD).is_file()) or "none"
            raise DefectStudioError(f"There is no deleted run {run}.", hint=f"These can be brought back: {can}.")
        self.session.record(f"restore run {called(self._project, run)}", [RunAdded(run, deleted[run])])

    def _of(self, run: str) -> RunMark:
        if run not in known_runs(self._project):
            raise DefectStudioError(f"There is no run {run}.", hint="It may have been deleted; undo brings it back.")
        return mark_of(self._project, run)

    def _mark(self, name: str, marks: dict[str, RunMark]) -> bool:
        events: list[Event] = [
            RunMarked(run, before, after)
            for run, after in marks.items()
            if (before := mark_of(self._project, run)) != after
        ]
        self.session.record(name, events)
        return bool(events)

    def _said(self, runs: Sequence[str]) -> str:
        return f"run {called(self._project, runs[0])}" if len(runs) == 1 else f"{len(runs)} runs"

    def _checked_name(self, run: str, name: str) -> str:
        text = " ".join(name.split())
        if len(text) > LONGEST_NAME or not text.isprintable():
            raise DefectStudioError("A run's name has at most 80 characters.", hint="Put what is longer into its note.")
        self._of(run)
        for other in known_runs(self._project):
            if other != run and text and text.casefold() in {other.casefold(), called(self._project, other).casefold()}:
                raise DefectStudioError(f"Another run is called {text}.", hint="Choose another name.")
        return text
