"""Import as the window and the command line do it: read the source, preview, write, record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel

from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange import registry
from defectstudio.data.exchange.plan import ImportPlan
from defectstudio.data.exchange.preview import Preview, drop_duplicates, keep_duplicates_together, preview
from defectstudio.data.importing import Batch
from defectstudio.data.project import DATABASE, Project
from defectstudio.data.splits import make_splits
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.sessions.session import Session

DUPLICATES = ("keep", "together", "drop")


class ImportResult(BaseModel):
    """What an import brought in, with the preview it followed."""

    project: str
    images: int
    skipped: int
    problems: list[str]
    preview: Preview


class Screen(Protocol):
    """Where text goes: rich's console, or anything with its `print`."""

    def print(self, *objects: object, markup: bool | None = None) -> None: ...


def read_source(source: Path, format: str | None) -> ImportPlan:
    """What a folder holds, by the named format or the one that fits. Raises DefectStudioError."""
    return registry.read(source, format)


def preview_job(
    plan: ImportPlan, duplicates: str, token: CancelToken, *, decode: bool = True
) -> Job[tuple[ImportPlan, Preview]]:
    """The plan with the chosen fix for byte-identical images, and its preview.

    `decode` False leaves damage inside a file to the import, which decodes it anyway.
    """
    if duplicates not in DUPLICATES:
        raise DefectStudioError(f"--duplicates {duplicates} is not known.", hint=f"Use one of {', '.join(DUPLICATES)}.")
    found = yield from preview(plan, token, decode=decode)
    if duplicates == "keep" or not found.duplicates:
        return plan, found
    fixed = drop_duplicates(plan, found) if duplicates == "drop" else keep_duplicates_together(plan, found)
    return fixed, (yield from preview(fixed, token, decode=decode))


def split_off_test(plan: ImportPlan, test: float, seed: int) -> None:
    """Put a part of the images into split "test", the rest into "train", by class, groups kept whole.

    Raises DefectStudioError when the source has splits of its own or `test` is not between 0 and 1.
    """
    from dataclasses import replace

    if any(item.split for item in plan.items):
        raise DefectStudioError("The source has splits of its own.", hint="Leave out --test.")
    if not 0 < test < 1:
        raise DefectStudioError("--test must lie between 0 and 1.", hint="For example --test 0.3.")
    groups = [item.group or item.name for item in plan.items]
    labels = [item.classes[0] if item.classes else item.verdict.value for item in plan.items]
    splits = make_splits(groups, labels, {"train": 1 - test, "test": test}, seed)
    plan.items = [replace(item, split=split) for item, split in zip(plan.items, splits, strict=True)]


def import_into(
    folder: Path, plan: ImportPlan, found: Preview, run: Callable[[Callable[[CancelToken], Job[Batch]]], Batch]
) -> ImportResult:
    """Write a plan into the project in `folder`, which is made when absent; `run` runs the job."""
    exists = (folder / DATABASE).is_file()
    with Project.open(folder) if exists else Project.create(folder) as project:
        session = Session(project)
        batch = run(import_job(project, plan))
        record_import(session, plan, batch)
    problems = [finding.text for finding in batch.findings]
    return ImportResult(
        project=str(folder), images=batch.images, skipped=batch.skipped, problems=problems, preview=found
    )
