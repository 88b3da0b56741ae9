"""What is set in the Refine panel: how panels are asked and answers written, how rounds are trained and begun."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defectstudio.sessions.refinement import Refinement


@dataclass(frozen=True, slots=True)
class RefineChoices:
    """What is set in the panel.

    Of answers: `anchor` "unsure" | "random"; `write` "pixel" | "patch" | "superpixel". Of training: `mode`, `net`,
    `patch` (side in pixels), `steps`, as `SimilarityConfig` has them. Of a beginning: `kind`, the `run` of a model,
    the `margin` of boxes (pixels). Of a dense map: `scope` "boxes" | "everywhere".
    """

    anchor: Any
    write: Any
    mode: str
    net: str
    patch: int
    steps: int
    kind: Any
    run: str
    margin: int
    scope: Any


def apply_choices(work: Refinement, choices: RefineChoices) -> None:
    """Ask and write in another way from the next panel on."""
    work.settings = replace(work.settings, anchor=choices.anchor, write=choices.write)
