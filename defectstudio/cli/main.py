"""The `defectstudio` command: one command a row, every one with --json."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence

import typer

from defectstudio.cli import (
    agreement,
    book,
    deploy,
    doctor,
    mentor,
    model,
    project,
    refine,
    replay,
    runs,
    select,
    session,
    study,
    window,
)
from defectstudio.cli.output import print_json, stderr
from defectstudio.domain.errors import Cancelled, DefectStudioError

OK, EXPECTED, USAGE, CANCELLED = 0, 1, 2, 130

COMMANDS: dict[str, Callable[..., None]] = {
    "new": project.new,
    "import": project.import_,
    "info": project.info,
    "check": project.check,
    "replay": replay.replay,
    "agreement": agreement.agreement,
    "book": book.book,
    "train": model.train,
    "predict": model.predict,
    "evaluate": model.evaluate,
    "rank": select.rank,
    "suspects": select.suspects,
    "budget": select.budget,
    "refine": refine.refine,
    "report": model.report,
    "export": deploy.export,
    "doctor": doctor.doctor,
    "demo": window.demo,
    "app": window.app,
}

cli = typer.Typer(
    name="defectstudio",
    help="Turn images from a production line into a working defect detector, offline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _name, _function in COMMANDS.items():
    cli.command(_name)(_function)
cli.add_typer(runs.commands, name="runs")
cli.add_typer(study.cli, name="study")
cli.add_typer(mentor.cli, name="mentor")
cli.add_typer(session.cli, name="session")


@cli.callback()
def _shared(verbose: bool = typer.Option(False, "--verbose", "-v", help="Log what is done, on stderr.")) -> None:
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, stream=sys.stderr)


def run(arguments: Sequence[str], open_window: window.OpenWindow | None = None) -> int:
    """Run one command line and return its exit code; expected errors become one message on stderr.

    `open_window` shows the window: the command line itself knows nothing of it.
    """
    wants_json = "--json" in arguments
    try:
        result = typer.main.get_command(cli)(
            list(arguments), prog_name="defectstudio", standalone_mode=False, obj=open_window
        )
    except typer.TyperException as error:
        hint = "`defectstudio --help` lists the commands, `defectstudio COMMAND --help` their options."
        return _fail(error.format_message(), hint, USAGE, wants_json)
    except (typer.Abort, Cancelled, KeyboardInterrupt):
        return _fail("Cancelled; what was finished before is kept.", "", CANCELLED, wants_json)
    except DefectStudioError as error:
        return _fail(error.message, error.hint, EXPECTED, wants_json)
    except MemoryError:
        hint = "Close other programs, or train with a smaller --batch or input size."
        return _fail("The computer ran out of memory.", hint, EXPECTED, wants_json)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        return _fail(f"The system refused{where}: {error.strerror or error}.", "", EXPECTED, wants_json)
    return result if isinstance(result, int) else OK


def _fail(message: str, hint: str, code: int, wants_json: bool) -> int:
    stderr.print(message, style="bold", markup=False)
    if hint:
        stderr.print(hint, markup=False)
    if wants_json:
        print_json({"error": message, "hint": hint})
    return code
