"""Long counts in a process of their own: the same answers, ended at once, in turn, and nothing left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

import pytest

from core.errors import LimitError, NetworkError, UserError
from core.exact import path_counts
from core.exact.process import PROCESSES, Event, Result, Waiting, Working, run_apart, steps_apart
from core.network import Graph, graph_of, limits, parse

# Much adding and multiplying long numbers.
LONG = "64; blur k1024 same x9"


def counted(text: str) -> list[int]:
    return path_counts(graph_of(parse(text))).array().tolist()


def parts(count: int) -> Iterator[int]:
    for part in range(count):
        yield 3**part


def asleep(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def ended(number: int) -> None:
    os.kill(os.getpid(), number)


def printed() -> str:
    print("a line between the answers")
    return "an answer"


def loaded(module: str) -> bool:
    return module in sys.modules


def much(count: int) -> int:
    return len(bytearray(count))


def long_bytes(count: int) -> bytes:
    return bytes(count)


def last(events: Iterator[Event[object]]) -> object:
    (*_, event) = events
    assert isinstance(event, Result)
    return event.value


def children() -> set[int]:
    """The processes that this one started and that are not gone."""
    tasks = f"/proc/{os.getpid()}/task"
    found: set[int] = set()
    for task in os.listdir(tasks):
        with open(f"{tasks}/{task}/children") as listed:
            found.update(map(int, listed.read().split()))
    return found


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    before = children()
    yield
    assert children() <= before


@pytest.mark.parametrize("text", ["9; conv k3 x4", "224; conv k3 p1 x900", "12x9; add(conv k3 p1 | skip) x3", LONG])
def test_the_result_is_that_of_this_process(text: str) -> None:
    assert last(run_apart(counted, text)) == counted(text)


def test_a_map_of_counts_and_a_graph_travel() -> None:
    graph = graph_of(parse("20x16; conv k3 p1 x9; random r2; maxpool k2"))
    counts = last(run_apart(path_counts, graph, (3, 3)))
    assert counts.array().tolist() == path_counts(graph, (3, 3)).array().tolist()  # type: ignore[attr-defined]
    copy = last(run_apart(graph_of, parse("5; add(skip | conv k3 p1)")))
    assert isinstance(copy, Graph)
    assert path_counts(copy).array().tolist() == [3, 4, 4, 4, 3]


def test_counting_loads_no_more_than_it_needs() -> None:
    assert last(run_apart(loaded, "torch")) is False
    assert last(run_apart(loaded, "streamlit")) is False
    assert last(run_apart(loaded, "numpy")) is True


def test_a_generator_gives_part_after_part() -> None:
    assert [event.value for event in steps_apart(parts, 5) if isinstance(event, Result)] == [1, 3, 9, 27, 81]


def test_there_are_ticks_while_the_process_works() -> None:
    ticks = [event.seconds for event in run_apart(asleep, 1.5) if isinstance(event, Working)]
    assert len(ticks) > 1
    assert ticks == sorted(ticks)


@pytest.mark.parametrize("leave", [lambda events: events.close(), lambda events: None], ids=["closed", "let go"])
def test_a_visitor_who_leaves_ends_the_process_within_half_a_second(leave: Callable[[Iterator[object]], None]) -> None:
    before = children()
    events = run_apart(counted, "64; blur k1024 same x100")
    for _ in range(8):
        next(events)
    assert children() > before
    begin = time.monotonic()
    leave(events)
    del events
    assert children() <= before
    assert time.monotonic() - begin < 0.5


def test_others_wait_and_are_told_their_place() -> None:
    running = [run_apart(asleep, 20) for _ in range(PROCESSES)]
    for events in running:
        assert isinstance(next(events), Working)
    second, third = run_apart(asleep, 0), run_apart(asleep, 0)
    assert next(second) == Waiting(PROCESSES)
    assert next(third) == Waiting(PROCESSES + 1)
    second.close()  # type: ignore[attr-defined]
    assert next(third) == Waiting(PROCESSES)
    running[0].close()  # type: ignore[attr-defined]
    assert isinstance(next(third), (Working, Result))
    assert isinstance(last(third), int)
    for events in running[1:]:
        events.close()  # type: ignore[attr-defined]


def test_what_a_user_can_cause_is_raised_here() -> None:
    with pytest.raises(NetworkError, match="a window spanning 11 does not fit 9 samples"):
        last(run_apart(counted, "9; conv k11"))
    with pytest.raises(LimitError, match="would take about"):
        last(run_apart(counted, "64; blur k1024 same x400"))


def test_a_process_that_was_ended_is_told_in_plain_words() -> None:
    with pytest.raises(UserError, match=r"was ended by the system \(signal 9\), perhaps for want of memory; try again"):
        last(run_apart(ended, signal.SIGKILL))


def test_an_interrupt_from_the_keyboard_is_for_the_process_that_asked() -> None:
    """The terminal sends it to both."""
    assert last(run_apart(ended, signal.SIGINT)) is None


def test_what_takes_too_long_or_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitError, match="takes longer than 1 seconds; use a smaller input"):
        last(run_apart(asleep, 20, seconds=1))
    with pytest.raises(LimitError, match=r"takes more than 3 GiB; use a smaller input"):
        last(run_apart(much, 2 * limits.MAX_PROCESS_BYTES))
    with pytest.raises(LimitError, match=r"the result has 257 MiB, more than 256; use a smaller input"):
        last(run_apart(long_bytes, limits.MAX_RESULT_BYTES + 2**20))


def test_what_is_printed_does_not_come_between_the_answers() -> None:
    assert last(run_apart(printed)) == "an answer"


def test_the_process_ends_with_the_one_that_asked() -> None:
    """Even if that one was killed and could end nothing."""
    ask = "from core.exact.process import run_apart; import time\n"
    ask += "events = run_apart(time.sleep, 60); next(events); next(events)\n"
    ask += "import os; print(open(f'/proc/{os.getpid()}/task/{os.getpid()}/children').read(), flush=True)\n"
    ask += "os.kill(os.getpid(), 9)"
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    child = int(found.stdout)
    deadline = time.monotonic() + 5
    while os.path.exists(f"/proc/{child}") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{child}")


def test_this_process_goes_on_answering() -> None:
    """A heartbeat: its usual pause beside a count here, and beside the same count apart."""

    def usual_pause(count: Callable[[], object]) -> float:
        beats, over = [time.monotonic()], threading.Event()

        def beat() -> None:
            while not over.wait(0.002):
                beats.append(time.monotonic())

        heart = threading.Thread(target=beat)
        heart.start()
        count()
        over.set()
        heart.join()
        return median(later - earlier for earlier, later in pairwise(beats))

    text = "1024; conv k1024 same x80"
    assert usual_pause(lambda: last(run_apart(counted, text))) < usual_pause(lambda: counted(text))
