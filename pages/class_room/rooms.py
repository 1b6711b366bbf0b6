"""The rooms of classes in a SQL database: who may do what, and what everyone sees. Knows no Streamlit.

Every change begins with an UPDATE of the room's row, which makes changes of one room wait for each other in every
database. A class sees one ``version``; it grows with all that a screen must show. Nothing personal is stored: a seat is
a number and the digest of a random text.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import time

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import LimitError, UserError
from pages.class_room import codes, limits
from pages.class_room.question import Question
from pages.class_room.room import Prediction, Room, Seat
from pages.class_room.tables import predictions, prepare, questions, rooms, seats

_HOUR = 3600.0
_LEFT_SECONDS = 300.0  # after which a seat may be given to another student
_NOT_YOURS = "only the teacher who started this class can do that"


class Rooms:
    """All rooms of a database; safe for any number of threads."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time) -> None:
        prepare(engine)
        self._engine, self._clock = engine, clock

    def start(self) -> tuple[str, str]:
        """A new room: its code, and the secret by which its teacher drives it."""
        self.sweep()
        secret, now = codes.new_token(), self._clock()
        with self._engine.begin() as db:
            _make_way(db, now)
            for _ in range(8):
                code = codes.new_code()
                if db.execute(select(rooms.c.code).where(rooms.c.code == code)).first() is None:
                    break
            db.execute(
                insert(rooms).values(
                    code=code, secret=codes.digest(secret), version=1, view="", question=0, questions=0, seats=0,
                    touched=now, ends=now + limits.HOURS * _HOUR,
                )
            )  # fmt: skip
        return code, secret

    def room(self, code: str) -> Room | None:
        """What the class sees now; None where there is no such room."""
        both = rooms.outerjoin(questions, (questions.c.room == code) & (questions.c.number == rooms.c.question))
        query = select(rooms, questions.c.body, questions.c.answer, questions.c.revealed)
        with self._engine.connect() as db:
            row = db.execute(query.select_from(both).where(rooms.c.code == code)).mappings().first()
        if row is None:
            return None
        asked = Question.from_json(row["body"]) if row["body"] else None
        revealed = bool(row["revealed"])
        return Room(
            code=code,
            version=row["version"],
            view=row["view"],
            question=asked,
            number=row["question"],
            answer=row["answer"] if revealed else "",
            revealed=revealed,
            is_over=row["ends"] <= self._clock(),
        )

    def is_teacher(self, code: str, secret: str) -> bool:
        """Whether the secret is that of the room."""
        with self._engine.connect() as db:
            stored = db.execute(select(rooms.c.secret).where(rooms.c.code == code)).scalar()
        return stored is not None and codes.proves(secret, stored)

    # the teacher -----------------------------------------------------------------------------------------------------

    def show(self, code: str, secret: str, view: str) -> None:
        """Makes an address the view of the class."""
        if len(view) > limits.VIEW_CHARACTERS:
            raise LimitError(f"the view's address has {len(view):,} characters, more than {limits.VIEW_CHARACTERS:,}")
        with self._driven(code, secret) as db:
            changed = (rooms.c.code == code) & (rooms.c.view != view)
            db.execute(update(rooms).where(changed).values(view=view, version=rooms.c.version + 1))

    def ask(self, code: str, secret: str, question: Question, answer: str = "") -> None:
        """Opens a question, with its answer where that is known; the one that is open already is not asked twice."""
        body, told = question.to_json(), question.read_answer(answer) if answer else ""
        with self._driven(code, secret) as db:
            held = db.execute(select(rooms.c.question, rooms.c.questions).where(rooms.c.code == code)).one()
            here = (questions.c.room == code) & (questions.c.number == held.question)
            if db.execute(
                select(questions.c.number).where(here, questions.c.body == body, ~questions.c.revealed)
            ).first():
                return
            if held.questions >= limits.QUESTIONS:
                raise LimitError(f"a class has at most {limits.QUESTIONS} questions; end it and start another")
            number = held.questions + 1
            db.execute(insert(questions).values(room=code, number=number, body=body, answer=told, revealed=False))
            self._turn(db, code, question=number, questions=number)

    def has_answer(self, code: str, number: int) -> bool:
        """Whether the answer of a question is known already; which it is, nobody is told before it is revealed."""
        known = (questions.c.room == code) & (questions.c.number == number) & (questions.c.answer != "")
        with self._engine.connect() as db:
            return db.execute(select(questions.c.number).where(known)).first() is not None

    def reveal(self, code: str, secret: str, answer: str | None = None) -> None:
        """Closes the open question and shows what was predicted.

        ``answer``: empty where there is none; None: the one that was given with the question, if any.
        """
        with self._driven(code, secret) as db:
            held = self._question(db, code)
            if held is None:
                raise UserError("no question is open; ask one first")
            number, question, revealed = held
            told = {} if answer is None else {"answer": question.read_answer(answer) if answer.strip() else ""}
            if revealed:
                return
            here = (questions.c.room == code) & (questions.c.number == number)
            db.execute(update(questions).where(here).values(revealed=True, **told))
            self._turn(db, code)

    def go_on(self, code: str, secret: str) -> None:
        """Takes the question off all screens; its predictions stay in the results."""
        with self._driven(code, secret) as db:
            if self._question(db, code) is not None:
                self._turn(db, code, question=0)

    def end(self, code: str, secret: str) -> None:
        """Ends the class for all."""
        with self._driven(code, secret) as db:
            self._turn(db, code, ends=self._clock())

    def results(self, code: str, secret: str) -> list[Prediction]:
        """Every prediction, by question and seat; its teacher can fetch them a while after the end, too."""
        if not self.is_teacher(code, secret):
            raise UserError(_NOT_YOURS)
        both = predictions.join(questions, (questions.c.room == code) & (questions.c.number == predictions.c.question))
        query = select(predictions, questions.c.body, questions.c.answer).select_from(both)
        with self._engine.connect() as db:
            found = db.execute(
                query.where(predictions.c.room == code).order_by(predictions.c.question, predictions.c.seat)
            ).all()
        return [
            Prediction(row.question, Question.from_json(row.body), row.seat, row.value, row.answer) for row in found
        ]

    # the students ----------------------------------------------------------------------------------------------------

    def join(self, code: str) -> Seat:
        """A new seat."""
        token, now = codes.new_token(), self._clock()
        with self._engine.begin() as db:
            live = (rooms.c.code == code) & (rooms.c.ends > now)
            if not db.execute(update(rooms).where(live).values(touched=now)).rowcount:
                raise UserError(f"there is no class {codes.spoken(code)}; look at the code again")
            given = db.execute(select(rooms.c.seats).where(rooms.c.code == code)).scalar_one()
            if given >= limits.SEATS:
                _leave_one(db, code, now)
            taken = set(db.execute(select(seats.c.number).where(seats.c.room == code)).scalars())
            number = next(number for number in range(1, limits.SEATS + 1) if number not in taken)
            db.execute(insert(seats).values(room=code, token=codes.digest(token), number=number, seen=now))
            db.execute(update(rooms).where(rooms.c.code == code).values(seats=len(taken) + 1))
        return Seat(token, number)

    def seat(self, code: str, token: str) -> Seat | None:
        """The seat that a token proves; None where there is none."""
        if not codes.is_token(token):
            return None
        own = (seats.c.room == code) & (seats.c.token == codes.digest(token))
        with self._engine.connect() as db:
            number = db.execute(select(seats.c.number).where(own)).scalar()
        return None if number is None else Seat(token, number)

    def see(self, code: str, numbers: set[int]) -> None:
        """Notes that the students of these seats are here."""
        now = self._clock()
        with self._engine.begin() as db:
            db.execute(update(rooms).where(rooms.c.code == code).values(touched=now))
            db.execute(update(seats).where(seats.c.room == code, seats.c.number.in_(numbers)).values(seen=now))

    def predict(self, code: str, seat: Seat, number: int, typed: str) -> str:
        """Takes a prediction of the open question, in place of an earlier one; returns its canonical text."""
        try:
            return self._predict(code, seat, number, typed)
        except IntegrityError:  # the same seat was quicker in another tab
            return self._predict(code, seat, number, typed)

    def _predict(self, code: str, seat: Seat, number: int, typed: str) -> str:
        now = self._clock()
        with self._engine.begin() as db:
            live = (rooms.c.code == code) & (rooms.c.ends > now)
            if not db.execute(update(rooms).where(live).values(touched=now)).rowcount:
                raise UserError("this class has ended; your answer was not taken")
            held = self._question(db, code)
            if held is None or held[0] != number or held[2]:
                raise UserError("this question is closed; your answer was not taken")
            own = (seats.c.room == code) & (seats.c.token == codes.digest(seat.token))
            place = db.execute(select(seats.c.number).where(own)).scalar()
            if place is None:
                raise UserError("this seat is no longer yours; join the class again")
            value = held[1].read(typed)
            mine = (predictions.c.room == code) & (predictions.c.question == number) & (predictions.c.seat == place)
            db.execute(delete(predictions).where(mine))
            db.execute(insert(predictions).values(room=code, question=number, seat=place, value=value))
        return value

    def own_prediction(self, code: str, seat: int, number: int) -> str | None:
        """What a seat predicted; None: nothing yet."""
        mine = (predictions.c.room == code) & (predictions.c.question == number) & (predictions.c.seat == seat)
        with self._engine.connect() as db:
            return db.execute(select(predictions.c.value).where(mine)).scalar()

    # all -------------------------------------------------------------------------------------------------------------

    def crowd(self, code: str, number: int) -> tuple[int, int]:
        """How many students are here, and how many have answered a question."""
        since = self._clock() - limits.PRESENT_SECONDS
        here = select(func.count()).where(seats.c.room == code, seats.c.seen > since)
        answered = select(func.count()).where(predictions.c.room == code, predictions.c.question == number)
        with self._engine.connect() as db:
            return db.execute(here.select_from(seats)).scalar_one(), db.execute(
                answered.select_from(predictions)
            ).scalar_one()

    def values(self, code: str, number: int) -> list[str]:
        """What was predicted, once it is revealed; before, nobody is told."""
        closed = select(questions.c.revealed).where(questions.c.room == code, questions.c.number == number)
        given = select(predictions.c.value).where(predictions.c.room == code, predictions.c.question == number)
        with self._engine.connect() as db:
            return list(db.execute(given).scalars()) if db.execute(closed).scalar() else []

    def sweep(self) -> None:
        """Deletes rooms that ended so long ago that nobody fetches their results any more."""
        with self._engine.begin() as db:
            _forget(db, rooms.c.ends < self._clock() - limits.KEPT_HOURS * _HOUR)

    @contextmanager
    def _driven(self, code: str, secret: str) -> Iterator[Connection]:
        """A transaction in which the room's row is locked; only its teacher gets one."""
        with self._engine.begin() as db:
            now = self._clock()
            live = (rooms.c.code == code) & (rooms.c.ends > now)
            found = db.execute(update(rooms).where(live).values(touched=now)).rowcount
            stored = db.execute(select(rooms.c.secret).where(rooms.c.code == code)).scalar()
            if stored is None or not codes.proves(secret, stored):
                raise UserError(_NOT_YOURS)
            if not found:
                raise UserError("this class has ended; start another")
            yield db

    @staticmethod
    def _turn(db: Connection, code: str, **changes: object) -> None:
        """Changes a room's row so that every screen notices."""
        db.execute(update(rooms).where(rooms.c.code == code).values(version=rooms.c.version + 1, **changes))

    @staticmethod
    def _question(db: Connection, code: str) -> tuple[int, Question, bool] | None:
        both = rooms.join(questions, (questions.c.room == code) & (questions.c.number == rooms.c.question))
        query = select(questions.c.number, questions.c.body, questions.c.revealed).select_from(both)
        row = db.execute(query.where(rooms.c.code == code)).first()
        return None if row is None else (row.number, Question.from_json(row.body), bool(row.revealed))


def _make_way(db: Connection, now: float) -> None:
    """Where all rooms are taken, the one that was left alone longest goes, if that is long ago."""
    count = db.execute(select(func.count()).select_from(rooms)).scalar_one()
    if count < limits.ROOMS:
        return
    idle = rooms.c.touched < now - limits.IDLE_HOURS * _HOUR
    oldest = db.execute(select(rooms.c.code).where(idle).order_by(rooms.c.touched).limit(1)).scalar()
    if oldest is None:
        raise LimitError(f"all {limits.ROOMS} classes that this server holds are in use; try again later")
    _forget(db, rooms.c.code == oldest)


def _leave_one(db: Connection, code: str, now: float) -> None:
    """Where all seats are taken, one that was left long ago, and predicted nothing, is given again."""
    predicted = select(predictions.c.seat).where(predictions.c.room == code)
    left = (seats.c.room == code) & (seats.c.seen < now - _LEFT_SECONDS) & seats.c.number.not_in(predicted)
    number = db.execute(select(seats.c.number).where(left).order_by(seats.c.seen).limit(1)).scalar()
    if number is None:
        raise LimitError(f"all {limits.SEATS} seats of this class are taken; wait until somebody leaves")
    db.execute(delete(seats).where(seats.c.room == code, seats.c.number == number))


def _forget(db: Connection, which: ColumnElement[bool]) -> None:
    """Deletes rooms and all that lies in them."""
    gone = select(rooms.c.code).where(which)
    for table in (predictions, questions, seats):
        db.execute(delete(table).where(table.c.room.in_(gone)))
    db.execute(delete(rooms).where(which))
