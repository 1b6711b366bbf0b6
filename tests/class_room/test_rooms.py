"""The store of classes: who may do what, what survives, and what a crowd or a rogue cannot break."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from core.errors import LimitError, UserError
from pages.class_room import codes, limits
from pages.class_room.question import Question
from pages.class_room.rooms import Rooms

NUMBER = Question("number", "How many paths?")
CHOICE = Question("choice", "Which is read most?", ("the corner", "the centre"))
PIXEL = Question("pixel", "Click the weakest pixel", size=(9, 9))
HOUR = 3600.0


class Clock:
    """A clock that a test turns."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    on_server = request.param == "postgresql"
    url = request.getfixturevalue("postgresql_url") if on_server else f"sqlite:///{tmp_path / 'rooms.db'}"
    made = create_engine(url)
    yield made
    made.dispose()


@pytest.fixture
def rooms(engine: Engine, clock: Clock) -> Rooms:
    return Rooms(engine, clock)


def test_a_class_sees_what_its_teacher_shows(rooms: Rooms) -> None:
    code, secret = rooms.start()
    before = rooms.room(code)
    rooms.show(code, secret, "paths?view=map")
    after = rooms.room(code)
    assert before is not None
    assert after is not None
    assert (before.view, after.view) == ("", "paths?view=map")
    assert after.version == before.version + 1


def test_the_same_view_shown_again_turns_no_screen(rooms: Rooms) -> None:
    code, secret = rooms.start()
    rooms.show(code, secret, "paths")
    first = rooms.room(code)
    rooms.show(code, secret, "paths")
    assert rooms.room(code) == first


def test_a_restart_loses_nothing(engine: Engine, clock: Clock) -> None:
    before = Rooms(engine, clock)
    code, secret = before.start()
    seat = before.join(code)
    before.show(code, secret, "field?net=9; conv k3")
    before.ask(code, secret, NUMBER)
    before.predict(code, seat, 1, "70")
    room = before.room(code)
    engine.dispose()
    again = create_engine(engine.url)
    after = Rooms(again, clock)
    assert after.room(code) == room
    assert after.seat(code, seat.token) == seat
    assert after.own_prediction(code, seat.number, 1) == "70"
    after.reveal(code, secret, "72")
    assert after.values(code, 1) == ["70"]
    again.dispose()


@pytest.mark.parametrize("wrong", ["", "x", "' OR '1'='1", "é" * 32, "a" * 32, "a" * 10_000, "\0" * 32])
def test_nobody_drives_without_the_secret(rooms: Rooms, wrong: str) -> None:
    code, secret = rooms.start()
    rooms.ask(code, secret, NUMBER)
    other, theirs = rooms.start()
    held = rooms.room(code)
    attempts: list[Callable[[str], object]] = [
        lambda key: rooms.show(code, key, "paths"),
        lambda key: rooms.ask(code, key, CHOICE),
        lambda key: rooms.reveal(code, key, "3"),
        lambda key: rooms.go_on(code, key),
        lambda key: rooms.results(code, key),
        lambda key: rooms.end(code, key),
    ]
    for attempt in attempts:
        for key in (wrong, theirs, secret + "x", secret.swapcase()):
            with pytest.raises(UserError, match="only the teacher"):
                attempt(key)
    assert rooms.room(code) == held
    assert rooms.is_teacher(code, secret)
    assert not rooms.is_teacher(code, wrong)
    assert not rooms.is_teacher(other, secret)


def test_neither_secrets_nor_seats_lie_in_the_database(rooms: Rooms, engine: Engine) -> None:
    code, secret = rooms.start()
    seat = rooms.join(code)
    with engine.connect() as db:
        tables = inspect(db).get_table_names()
        dump = "\n".join(str(row) for name in tables for row in db.execute(text(f"SELECT * FROM {name}")))
    assert code in dump
    assert secret not in dump
    assert seat.token not in dump
    assert len(secret) == 32  # of 64 letters each: 192 bits


def test_the_last_prediction_counts_until_it_is_revealed(rooms: Rooms) -> None:
    code, secret = rooms.start()
    seat = rooms.join(code)
    rooms.ask(code, secret, NUMBER)
    for typed in ("3", "12", "1,225"):
        rooms.predict(code, seat, 1, typed)
    assert rooms.crowd(code, 1) == (1, 1)
    assert rooms.values(code, 1) == []  # not yet
    rooms.reveal(code, secret, "1225")
    with pytest.raises(UserError, match="closed"):
        rooms.predict(code, seat, 1, "7")
    assert rooms.values(code, 1) == ["1225"]
    room = rooms.room(code)
    assert room is not None
    assert (room.answer, room.revealed) == ("1225", True)


def test_the_answer_is_told_nobody_before_it_is_revealed(rooms: Rooms) -> None:
    code, secret = rooms.start()
    rooms.ask(code, secret, CHOICE)
    room = rooms.room(code)
    assert room is not None
    assert (room.answer, room.revealed, room.is_open) == ("", False, True)


def test_a_prediction_for_another_question_is_refused(rooms: Rooms) -> None:
    code, secret = rooms.start()
    seat = rooms.join(code)
    rooms.ask(code, secret, NUMBER)
    rooms.ask(code, secret, CHOICE)
    with pytest.raises(UserError, match="closed"):
        rooms.predict(code, seat, 1, "7")
    assert rooms.predict(code, seat, 2, "the corner") == "the corner"


def test_a_double_click_asks_once_and_reveals_once(rooms: Rooms) -> None:
    code, secret = rooms.start()
    for _ in range(2):
        rooms.ask(code, secret, NUMBER)
    rooms.reveal(code, secret, "3")
    once = rooms.room(code)
    rooms.reveal(code, secret, "4")
    assert rooms.room(code) == once
    assert once is not None
    assert (once.number, once.answer) == (1, "3")


def test_a_seat_is_one_students_own(rooms: Rooms) -> None:
    code, secret = rooms.start()
    mine, theirs = rooms.join(code), rooms.join(code)
    rooms.ask(code, secret, NUMBER)
    rooms.predict(code, theirs, 1, "5")
    forged = type(mine)(mine.token, theirs.number)  # a number is no proof
    rooms.predict(code, forged, 1, "999")
    assert rooms.own_prediction(code, theirs.number, 1) == "5"
    for token in ("", "x" * 32, "%", theirs.token[:-1]):
        assert rooms.seat(code, token) is None
        with pytest.raises(UserError, match="no longer yours"):
            rooms.predict(code, type(mine)(token, theirs.number), 1, "6")


def test_the_results_name_seats_and_questions(rooms: Rooms) -> None:
    code, secret = rooms.start()
    seats = [rooms.join(code) for _ in range(3)]
    rooms.ask(code, secret, NUMBER)
    for seat, typed in zip(seats, ("1/4", "25%", "3"), strict=True):
        rooms.predict(code, seat, 1, typed)
    rooms.reveal(code, secret, "0.25")
    rooms.go_on(code, secret)
    rooms.ask(code, secret, PIXEL)
    rooms.predict(code, seats[1], 2, "0, 8")
    lines = [(line.number, line.seat, line.value, line.answer) for line in rooms.results(code, secret)]
    assert lines == [(1, 1, "1/4", "1/4"), (1, 2, "1/4", "1/4"), (1, 3, "3", "1/4"), (2, 2, "0,8", "")]


def test_a_class_ends_by_itself_and_is_forgotten(rooms: Rooms, clock: Clock) -> None:
    code, secret = rooms.start()
    seat = rooms.join(code)
    rooms.ask(code, secret, NUMBER)
    rooms.predict(code, seat, 1, "3")
    clock.now += limits.HOURS * HOUR + 1
    room = rooms.room(code)
    assert room is not None
    assert room.is_over
    with pytest.raises(UserError, match="ended"):
        rooms.predict(code, seat, 1, "4")
    with pytest.raises(UserError, match="ended"):
        rooms.show(code, secret, "paths")
    with pytest.raises(UserError, match="no class"):
        rooms.join(code)
    assert len(rooms.results(code, secret)) == 1
    clock.now += limits.KEPT_HOURS * HOUR
    rooms.sweep()
    assert rooms.room(code) is None
    with pytest.raises(UserError, match="only the teacher"):
        rooms.results(code, secret)


def test_an_ended_class_stays_ended(rooms: Rooms) -> None:
    code, secret = rooms.start()
    before = rooms.room(code)
    rooms.end(code, secret)
    room = rooms.room(code)
    assert room is not None
    assert before is not None
    assert room.is_over
    assert room.version > before.version
    with pytest.raises(UserError, match="ended"):
        rooms.end(code, secret)


def test_two_classes_do_not_mix(rooms: Rooms) -> None:
    (one, first), (two, second) = rooms.start(), rooms.start()
    seat = rooms.join(one)
    rooms.ask(one, first, NUMBER)
    rooms.ask(two, second, NUMBER)
    rooms.predict(one, seat, 1, "3")
    with pytest.raises(UserError, match="no longer yours"):
        rooms.predict(two, seat, 1, "4")
    assert (rooms.crowd(one, 1), rooms.crowd(two, 1)) == ((1, 1), (0, 0))


def test_students_who_are_not_seen_are_not_counted(rooms: Rooms, clock: Clock) -> None:
    code, _ = rooms.start()
    seats = [rooms.join(code) for _ in range(3)]
    clock.now += limits.PRESENT_SECONDS - 1
    rooms.see(code, {seats[0].number, seats[2].number})
    clock.now += 2
    assert rooms.crowd(code, 0) == (2, 0)


def test_a_flood_of_seats_is_bounded_and_leaves_room_again(
    rooms: Rooms, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SEATS", 4)
    code, secret = rooms.start()
    here = rooms.join(code)
    rooms.ask(code, secret, NUMBER)
    rooms.predict(code, here, 1, "7")
    for _ in range(3):
        rooms.join(code)
    with pytest.raises(LimitError, match="all 4 seats"):
        rooms.join(code)
    clock.now += 301
    late = [rooms.join(code) for _ in range(3)]
    assert sorted(seat.number for seat in late) == [2, 3, 4]
    assert rooms.seat(code, here.token) == here  # who has predicted keeps the seat
    with pytest.raises(LimitError):
        rooms.join(code)


def test_a_flood_of_rooms_is_bounded_and_idle_ones_give_way(
    rooms: Rooms, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROOMS", 3)
    made = [rooms.start() for _ in range(3)]
    with pytest.raises(LimitError, match="all 3 classes"):
        rooms.start()
    clock.now += limits.IDLE_HOURS * HOUR + 1
    rooms.show(*made[0], "paths")
    rooms.start()
    assert rooms.room(made[0][0]) is not None
    assert sum(rooms.room(code) is None for code, _ in made) == 1


def test_questions_are_bounded(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "QUESTIONS", 2)
    code, secret = rooms.start()
    rooms.ask(code, secret, NUMBER)
    rooms.ask(code, secret, CHOICE)
    with pytest.raises(LimitError, match="at most 2 questions"):
        rooms.ask(code, secret, PIXEL)


def test_a_view_is_bounded(rooms: Rooms) -> None:
    code, secret = rooms.start()
    with pytest.raises(LimitError, match="20,001 characters"):
        rooms.show(code, secret, "x" * 20_001)


def test_threads_get_different_seats_and_lose_no_prediction(rooms: Rooms) -> None:
    code, secret = rooms.start()
    rooms.ask(code, secret, NUMBER)

    def student(typed: int) -> int:
        seat = rooms.join(code)
        for guess in (typed, typed + 1):
            rooms.predict(code, seat, 1, str(guess))
        return seat.number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(student, range(40)))
    assert sorted(numbers) == list(range(1, 41))
    assert rooms.crowd(code, 1) == (40, 40)
    rooms.reveal(code, secret, "")
    assert sorted(map(int, rooms.values(code, 1))) == list(range(1, 41))


def test_two_teachers_of_one_class_at_once_lose_no_change(rooms: Rooms) -> None:
    code, secret = rooms.start()
    start = rooms.room(code)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda step: rooms.show(code, secret, f"paths?net={step}"), range(30)))
    room = rooms.room(code)
    assert start is not None
    assert room is not None
    assert room.version == start.version + 30


def test_a_double_click_from_two_tabs_of_one_seat_is_one_prediction(rooms: Rooms) -> None:
    code, secret = rooms.start()
    rooms.ask(code, secret, NUMBER)
    seat = rooms.join(code)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda guess: rooms.predict(code, seat, 1, str(guess)), range(16)))
    assert rooms.crowd(code, 1) == (1, 1)


def test_codes_have_no_look_alikes_and_do_not_repeat() -> None:
    made = {codes.new_code() for _ in range(2000)}
    assert len(made) == 2000
    assert not set("".join(made)) & set("01OIL")
    assert all(codes.read_code(codes.spoken(code).lower()) == code for code in made)


@pytest.mark.parametrize("typed", ["", "KXQ7", "KXQ7M4PTT", "KXQ7M4P!", "\uff2bXQ7M4PT", "' OR 1=1", "x" * 100_000])
def test_what_is_no_code_is_never_looked_for(typed: str) -> None:
    assert codes.read_code(typed) is None


def test_a_token_is_proved_by_itself_alone() -> None:
    token = codes.new_token()
    assert codes.proves(token, codes.digest(token))
    assert not codes.proves(codes.digest(token), codes.digest(token))
    assert not codes.proves(secrets.token_urlsafe(24), codes.digest(token))


def test_permits_run_out_and_come_back(clock: Clock) -> None:
    buckets = limits.Buckets(burst=3, per_second=2, names=2, clock=clock)
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b")
    assert not buckets.take("c")  # as many names as are kept
    clock.now += 1
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    clock.now += 2
    assert buckets.take("c")
