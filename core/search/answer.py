"""The answer to a question, gathered from tables of results in their order: how many meet it, and the best of them."""

from collections import Counter

import pyarrow as pa

from ..errors import UserError
from .found import Answer
from .front import Front
from .questions import Question
from .results import values


class Answering:
    """Takes tables one after the other; ``answer`` may be asked for between any two."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._front = Front(question.objectives)
        self._met = 0
        self._absent: Counter[str] = Counter()

    def take(self, table: pa.Table) -> list[bool]:
        """Adds the designs of a table, and tells which of them meet the condition.

        Raises :class:`~.errors.UserError` for numbers that cannot be read.
        """
        question, names = self._question, self._question.asked
        places = [names.index(objective.name) for objective in question.objectives]
        condition = len(question.names)
        met: list[bool] = []
        designs = table.column("design").to_pylist()
        try:
            for design, row in zip(designs, values(table, names), strict=True):
                self._absent.update(name for name, value in zip(names, row, strict=True) if value is None)
                given = [value for value in row[:condition] if value is not None]
                met.append(len(given) == condition and question.is_met(given))
                if not met[-1]:
                    continue
                compared = tuple(value for place in places if (value := row[place]) is not None)
                if len(compared) == len(places):
                    self._front.add(design, compared)
        except (ValueError, ZeroDivisionError) as error:
            if isinstance(error, UserError):
                raise
            raise UserError("the results hold a number that cannot be read; run the search again") from error
        self._met += sum(met)
        return met

    def answer(self) -> Answer:
        return Answer(self._met, dict(self._absent), self._front.best())
