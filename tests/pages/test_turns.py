"""Pages are drawn in turn: in order, one at a time, and past whoever takes long."""

import threading
from time import sleep
from types import SimpleNamespace

import pytest
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from core.exact.fair_queue import FairQueue
from pages.work import turns
from pages.work.turns import Turns
from tests.pages.visit import assert_well, opened


@pytest.fixture(autouse=True)
def _own_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PROCESSOR", FairQueue(1))


def visitors(pages: Turns, count: int, work: float) -> list[tuple[str, int]]:
    """What happens when visitors ask one after the other while the first is still at work."""
    events: list[tuple[str, int]] = []

    def draw(number: int) -> None:
        with pages.turn():
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
    pages = Turns(long=30)
    with pytest.raises(ValueError, match="amiss"), pages.turn():
        raise ValueError("amiss")
    with pages.turn():
        pass


def test_there_is_rest_only_while_nobody_is_at_work_or_waits() -> None:
    pages = Turns(long=0.05)
    with pages.turn():
        sleep(0.2)  # overtaken, and still at work
        assert not pages.have_rested(0.1)
    assert not pages.have_rested(0.1)
    sleep(0.15)
    assert pages.have_rested(0.1)


def test_long_work_within_long_work_goes_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "visitor", lambda: "somebody")
    with turns.long_work(), turns.long_work():
        assert turns.PROCESSOR.before(turns.PROCESSOR.enter("another")) == 1
    assert turns.PROCESSOR.before(turns.PROCESSOR.enter("another")) == 1  # the first of them has not gone


def test_a_visitor_is_the_browser_and_without_it_the_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    told = generate_xsrf_token_string(b"0123456789abcdef"), generate_xsrf_token_string(b"0123456789abcdef")
    assert told[0] != told[1]  # masked anew
    seen = set()
    for cookies in ({"_streamlit_xsrf": told[0]}, {"_streamlit_xsrf": told[1]}, {}, {"_streamlit_xsrf": "2|nonsense"}):
        monkeypatch.setattr(turns, "st", SimpleNamespace(context=SimpleNamespace(cookies=cookies), session_state={}))
        seen.add(turns.visitor())
    assert len(seen) == 3
    assert b"0123456789abcdef".hex() in seen


def test_a_server_with_too_much_to_do_offers_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    full = FairQueue(1)
    places = [full.enter(f"visitor {number}") for number in range(61)]
    monkeypatch.setattr(turns, "PROCESSOR", full)
    app = opened("effective", net="11x13; conv k3 p1 x3", samples="5", width="2")
    assert not app.exception
    (told,) = (box.value for box in app.warning)
    assert "60 computations are waiting for this server" in told
    for place in places:
        full.leave(place)
    next(button for button in app.button if button.label == "Try again").click().run()
    assert_well(app, "effective")
