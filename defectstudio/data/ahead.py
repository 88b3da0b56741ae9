"""Work on the next items while this one is being used: decoding and hashing leave the interpreter to others."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
MOST = 4


def ahead(items: Iterable[Item], make: Callable[[Item], Made]) -> Generator[tuple[Item, Made], None, None]:
    """Each item and what `make` makes of it, in order; as many are made ahead as cores are left, 1 to 4.

    What `make` raises is raised where its item would have come. Closed before its end, it drops what waits and
    waits for what is being made.
    """
    threads = max(1, min(MOST, (os.cpu_count() or 1) - 1))
    waiting: deque[tuple[Item, Future[Made]]] = deque()
    with ThreadPoolExecutor(threads, "ahead") as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(make, item)))
                if len(waiting) > threads:
                    first, made = waiting.popleft()
                    yield first, made.result()
            while waiting:
                first, made = waiting.popleft()
                yield first, made.result()
        finally:
            for _, made in waiting:
                made.cancel()
