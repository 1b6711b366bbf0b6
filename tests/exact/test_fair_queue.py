"""Who computes next: a few at once, everybody's first before anybody's second, and not without bound."""

import threading
from collections.abc import Iterator
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BusyError
from core.exact import fair_queue
from core.exact.fair_queue import OWNER, FairQueue, Place


@pytest.fixture(autouse=True, scope="module")
def _nobody_is_waited_for() -> Iterator[None]:
    """Who asks is told at once: here no other thread gives a place back meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fair_queue, "_TICK", 0.0)
        yield


def served(queue: FairQueue, places: list[Place]) -> Iterator[Place]:
    """The places in the order in which they run, each of which ends before the next is looked for."""
    left = list(places)
    while left:
        running = [place for place in left if queue.before(place) == 0]
        for place in running:
            yield place
            queue.leave(place)
            left.remove(place)


def names(queue: FairQueue, owners: str) -> str:
    places = [queue.enter(owner) for owner in owners]
    return "".join(place.owner for place in served(queue, places))


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("abc", "abc"),
        ("aab", "aba"),  # a's first runs; b's first comes before a's second
        ("aaabbc", "abcaba"),
        ("aaaab", "abaaa"),
    ],
)
def test_everybody_is_served_once_before_anybody_is_served_again(asked: str, order: str) -> None:
    assert names(FairQueue(1), asked) == order


@given(
    st.text("abcdefgh", max_size=20).filter(lambda text: all(text.count(name) <= 4 for name in text)), st.integers(1, 3)
)
def test_all_are_served_and_each_in_the_order_of_asking(asked: str, room: int) -> None:
    queue = FairQueue(room)
    places = [queue.enter(owner) for owner in asked]
    order = list(served(queue, places))
    assert sorted(map(id, order)) == sorted(map(id, places))
    for owner in set(asked):
        own = [place for place in places if place.owner == owner]
        assert [place for place in order if place.owner == owner] == own


def test_no_more_run_than_there_is_room_for() -> None:
    queue, running, most = FairQueue(2), [0], [0]

    def work(owner: str) -> None:
        place = queue.enter(owner)
        while queue.before(place):
            pass
        running[0] += 1
        most[0] = max(most[0], running[0])
        sleep(0.01)
        running[0] -= 1
        queue.leave(place)

    threads = [threading.Thread(target=work, args=(owner,)) for owner in "aabbccddee"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert running == [0]
    assert most == [2]


def test_who_waits_is_told_how_many_come_first() -> None:
    queue = FairQueue(1)
    first, second, third = (queue.enter(owner) for owner in "aab")
    assert [queue.before(place) for place in (first, second, third)] == [0, 2, 1]
    queue.leave(third)
    assert queue.before(second) == 1
    queue.leave(first)
    assert queue.before(second) == 0


def test_who_asks_for_too_much_is_refused_and_others_are_not() -> None:
    queue = FairQueue(1)
    own = [queue.enter("a") for _ in range(4)]
    with pytest.raises(BusyError, match="4 computations that you asked for are running or waiting already"):
        queue.enter("a")
    queue.enter("b")
    queue.leave(own[0])
    queue.enter("a")


def test_a_server_with_too_much_to_do_says_so() -> None:
    queue = FairQueue(1)
    for number in range(61):
        queue.enter(f"visitor {number}")
    with pytest.raises(
        BusyError, match="60 computations are waiting for this server already; try again in some minutes"
    ):
        queue.enter("another")


def test_without_an_owner_there_is_no_limit_of_one() -> None:
    queue = FairQueue(1)
    assert OWNER.get() == ""
    places = [queue.enter() for _ in range(20)]
    assert list(served(queue, places)) == places
