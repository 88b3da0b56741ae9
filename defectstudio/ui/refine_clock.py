"""How long somebody looked at a panel: time during which its page is not in front does not count."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """A stopwatch that can rest."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._passed = 0.0
        self._since: float | None = None

    def begin(self) -> None:
        """From nothing, and running."""
        self._passed, self._since = 0.0, self._now()

    def rest(self) -> None:
        """Stand still until `go_on`."""
        if self._since is not None:
            self._passed += self._now() - self._since
            self._since = None

    def go_on(self) -> None:
        """Run on; a clock that runs already is left alone."""
        if self._since is None:
            self._since = self._now()

    @property
    def seconds(self) -> float:
        """What has passed while it ran."""
        return self._passed + (0.0 if self._since is None else self._now() - self._since)
