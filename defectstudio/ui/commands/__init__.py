"""Every command of the window: the rows of all menus joined into one table."""

from __future__ import annotations

from defectstudio.ui.commands.annotate import ANNOTATE_ACTIONS, VIEWER_ACTIONS
from defectstudio.ui.commands.book import BOOK_ACTIONS
from defectstudio.ui.commands.edit import EDIT_ACTIONS
from defectstudio.ui.commands.help import HELP_ACTIONS
from defectstudio.ui.commands.image import IMAGE_ACTIONS
from defectstudio.ui.commands.mentor import MENTOR_ACTIONS
from defectstudio.ui.commands.project import PROJECT_ACTIONS
from defectstudio.ui.commands.refine import REFINE_ACTIONS
from defectstudio.ui.commands.replay import REPLAY_ACTIONS
from defectstudio.ui.commands.runs import RUNS_ACTIONS
from defectstudio.ui.commands.select import SELECT_ACTIONS
from defectstudio.ui.commands.table import ActionInfo
from defectstudio.ui.commands.train import TRAIN_ACTIONS
from defectstudio.ui.commands.view import VIEW_ACTIONS

MENUS = (
    ("project", "&Project"),
    ("edit", "&Edit"),
    ("image", "&Image"),
    ("annotate", "&Annotate"),
    ("annotate.class", "&Class"),
    ("annotate.region", "Selected &region"),
    ("view", "&View"),
    ("train", "&Train"),
    ("select", "&Select"),
    ("refine", "Re&fine"),
    ("refine.patches", "Tick a pat&ch"),
    ("mentor", "&Mentor"),
    ("mentor.class", "Defect, but of &this class"),
    ("book", "Defect &book"),
    ("runs", "&Runs"),
    ("replay", "Repla&y"),
    ("help", "&Help"),
)

ACTIONS: tuple[ActionInfo, ...] = (
    *PROJECT_ACTIONS,
    *EDIT_ACTIONS,
    *IMAGE_ACTIONS,
    *ANNOTATE_ACTIONS,
    *VIEW_ACTIONS,
    *VIEWER_ACTIONS,
    *TRAIN_ACTIONS,
    *SELECT_ACTIONS,
    *REFINE_ACTIONS,
    *MENTOR_ACTIONS,
    *BOOK_ACTIONS,
    *RUNS_ACTIONS,
    *REPLAY_ACTIONS,
    *HELP_ACTIONS,
)

TOOLBAR_GROUPS = (
    ("project.open", "project.import"),
    ("image.previous", "image.next"),
    ("tag.good", "tag.defective", "tag.unlabelled"),
    ("edit.undo", "edit.redo"),
    ("train.start",),
)
