"""How much longer a job will take, from its progress."""

from __future__ import annotations

from defectstudio.domain.progress import Progress

TOO_EARLY = 1.0


class TimeLeft:
    """Feed it progress and the clock; it starts anew when the job enters its next part."""

    def __init__(self) -> None:
        self._total = 0
        self._first: tuple[int, float] | None = None
        self._done = 0

    def seconds(self, step: Progress, now: float) -> float | None:
        """Seconds to the end of this part of the job; None while it cannot be known yet. `now` in seconds."""
        if self._first is None or step.total != self._total or step.done < self._done:
            self._total, self._first = step.total, (step.done, now)
        self._done = step.done
        done, passed = step.done - self._first[0], now - self._first[1]
        if step.total <= 0 or done <= 0 or passed < TOO_EARLY:
            return None
        return passed / done * (step.total - step.done)


def in_words(seconds: float) -> str:
    """A duration as a person would say it: 8 s, 3 min, 1 h 20 min."""
    whole = max(1, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
