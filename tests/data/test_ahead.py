"""Working ahead: in order, never far ahead, and what goes wrong is raised where it belongs."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from defectstudio.data.ahead import MOST, ahead


def test_items_come_in_order_with_what_was_made_of_them() -> None:
    assert list(ahead(range(20), lambda n: n * n)) == [(n, n * n) for n in range(20)]
    assert list(ahead([], str)) == []


def test_another_thread_makes_them_while_this_one_is_used() -> None:
    made = {name for _, name in ahead(range(3), lambda _: threading.current_thread().name)}
    assert threading.current_thread().name not in made


def test_only_a_few_are_made_ahead_of_the_one_in_use() -> None:
    asked: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            asked.append(number)
            yield number

    found = ahead(items(), str)
    next(found)
    assert len(asked) <= MOST + 1
    found.close()
    assert len(asked) <= MOST + 1


def test_an_error_is_raised_where_its_item_would_have_come() -> None:
    found = ahead([1, 0, 2], lambda n: 1 / n)
    assert next(found) == (1, 1.0)
    with pytest.raises(ZeroDivisionError):
        next(found)
