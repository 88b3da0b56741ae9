"""No argument: the window; else the command line. Loads neither torch nor Qt until one of them is needed."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from pathlib import Path


def open_window(project: Path | None) -> int:
    """Show the window until it is closed; returns the exit code."""
    # What is loaded now stays: looking through it for garbage again and again would only delay the window, which
    # then takes the collector into its own hands.
    gc.disable()
    from defectstudio.ui.app import run_window

    return run_window(project)


def main() -> None:
    """Entry point of the `defectstudio` command; exits with 0, 1 (expected error), 2 (usage) or 130 (cancelled)."""
    multiprocessing.freeze_support()
    arguments = sys.argv[1:] or ["app"]
    # How long idle OpenMP threads spin before they sleep. Not at all beside a window, which they would starve; for a
    # tenth of a millisecond in a command: a training takes an eighth less time, and other work hardly notices.
    os.environ.setdefault("GOMP_SPINCOUNT", "0" if arguments[0] == "app" else "10000")
    from defectstudio.cli.main import run

    sys.exit(run(arguments, open_window))


if __name__ == "__main__":
    main()
