"""Pages are drawn in turn: in order, one at a time, and past whoever takes long."""

import threading
from time import sleep

import pytest

from pages.work.turns import Turns


def visitors(turns: Turns, count: int, work: float) -> list[tuple[str, int]]:
    """What happens when visitors ask one after the other while the first is still at work."""
    events: list[tuple[str, int]] = []

    def draw(number: int) -> None:
        with turns.turn():
            events.append(("begins", number))
            sleep(work if number == 0 else 0.001)
            events.append(("ends", number))

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
        sleep(0.005)
    for thread in threads:
        thread.join(10)
    return events


def test_who_asks_first_is_drawn_first_and_alone() -> None:
    events = visitors(Turns(long=30), 12, work=0.2)
    assert events == [(word, number) for number in range(12) for word in ("begins", "ends")]


def test_long_work_is_overtaken() -> None:
    events = visitors(Turns(long=0.1), 5, work=1.0)
    assert events[0] == ("begins", 0)
    assert events[-1] == ("ends", 0)
    assert [number for word, number in events if word == "begins"] == [0, 1, 2, 3, 4]


def test_a_turn_that_ends_in_an_error_is_passed_on() -> None:
    turns = Turns(long=30)
    with pytest.raises(ValueError, match="amiss"), turns.turn():
        raise ValueError("amiss")
    with turns.turn():
        pass


def test_there_is_rest_only_while_nobody_is_at_work_or_waits() -> None:
    turns = Turns(long=0.05)
    with turns.turn():
        sleep(0.2)  # overtaken, and still at work
        assert not turns.have_rested(0.1)
    assert not turns.have_rested(0.1)
    sleep(0.15)
    assert turns.have_rested(0.1)
