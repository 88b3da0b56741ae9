"""The Defect book menu: the page of the class in question, entries from what is looked at, second looks at tags."""

from __future__ import annotations

from collections.abc import Callable

from defectstudio.domain.labels import Verdict
from defectstudio.ui.commands.table import BOOK, LOOK, ActionInfo, Commands, Kind, has_project


def _entry(name: str, text: str, icon: str, keys: tuple[str, ...], run: Callable[[Commands], object]) -> ActionInfo:
    """A row about the chosen entry; its keys are heard in the lists of the book."""
    return ActionInfo(
        f"book.{name}",
        text,
        "book",
        run,
        icon,
        keys,
        lambda c: c.book.can_change,
        scope=BOOK,
        kind=Kind.GESTURE,
        first_of_group=name == "turn",
    )


def _look(
    name: str, text: str, icon: str, keys: str, run: Callable[[Commands], object], *, kind: Kind = Kind.GESTURE
) -> ActionInfo:
    """A row whose key is heard on the page of second looks alone."""
    return ActionInfo(
        f"look.{name}", text, "book", run, icon, (keys,), lambda c: c.look.can_answer, scope=LOOK, kind=kind
    )


BOOK_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "book.panel",
        "Show the defect book",
        "book",
        lambda c: c.book.toggle(),
        "book",
        ("Ctrl+Shift+B",),
        has_project,
        lambda c: c.book.shown,
    ),
    ActionInfo(
        "book.exemplar",
        "Add to the book as exemplar",
        "book",
        lambda c: c.book.add("exemplar"),
        "exemplar",
        ("Ctrl+Shift+E",),
        lambda c: c.book.can_add,
        kind=Kind.GESTURE,
        first_of_group=True,
    ),
    ActionInfo(
        "book.look_alike",
        "Add to the book as look-alike",
        "book",
        lambda c: c.book.add("look-alike"),
        "look-alike",
        ("Ctrl+Shift+L",),
        lambda c: c.book.can_add,
        kind=Kind.GESTURE,
    ),
    ActionInfo(
        "book.define",
        "Write the definition of the class",
        "book",
        lambda c: c.book.write_definition(),
        "rename",
        ("Ctrl+Shift+K",),
        lambda c: c.book.can_define,
    ),
    _entry("turn", "Exemplar or look-alike", "refresh", ("T",), lambda c: c.book.turn()),
    _entry("remove", "Take out of the book", "delete", ("Del",), lambda c: c.book.remove()),
    ActionInfo(
        "book.open",
        "Show the entry in its image",
        "book",
        lambda c: c.book.open_chosen(),
        "fit",
        ("Return", "Enter"),
        lambda c: c.book.has_chosen,
        scope=BOOK,
    ),
    ActionInfo(
        "book.propose",
        "Propose entries",
        "book",
        lambda c: c.book.propose(),
        "find",
        (),
        lambda c: c.book.can_propose,
        kind=Kind.JOB,
        first_of_group=True,
    ),
    ActionInfo(
        "book.print",
        "Print the book…",
        "book",
        lambda c: c.book.print_book(),
        "save",
        (),
        lambda c: c.book.can_print,
        kind=Kind.FILE,
    ),
    ActionInfo(
        "look.begin",
        "Second look at tags",
        "book",
        lambda c: c.look.toggle(),
        "look",
        ("Ctrl+Shift+G",),
        lambda c: c.writable,
        lambda c: c.look.shown,
        first_of_group=True,
    ),
    _look("good", "It is good", "tag-good", "G", lambda c: c.look.answer(Verdict.GOOD)),
    _look("defective", "It is defective", "tag-defective", "X", lambda c: c.look.answer(Verdict.DEFECTIVE)),
    _look("skip", "Ask me later", "later", "Space", lambda c: c.look.skip(), kind=Kind.VIEW),
)
