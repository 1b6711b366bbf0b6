"""Where somebody is in a lesson: the step, and for each step the guess, the reason, and whether the answer is shown.

Plain values and no page: a visitor alone, a presenter with a clicker and a class that follows are driven alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from .answers import Answer
from .lesson import Lesson, Step


@dataclass(frozen=True, slots=True)
class Response:
    """What somebody said at a step."""

    guess: Answer | None = None
    why: str = ""
    revealed: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """``number`` is that of the step, the first being 1; ``responses`` are by number of step."""

    number: int = 1
    responses: Mapping[int, Response] = field(default_factory=lambda: MappingProxyType({}))

    def response(self, number: int | None = None) -> Response:
        """What was said at a step, the present one unless another is named."""
        return self.responses.get(self.number if number is None else number, Response())

    def with_guess(self, guess: Answer | None, why: str = "") -> "Progress":
        """After a guess at the present step."""
        return self._with(replace(self.response(), guess=guess, why=why))

    def with_answer(self) -> "Progress":
        """After the answer was shown."""
        return self._with(replace(self.response(), revealed=True))

    def without_answer(self) -> "Progress":
        """With the answer covered again."""
        return self._with(replace(self.response(), revealed=False))

    def at_step(self, number: int, lesson: Lesson) -> "Progress":
        """At another step, or at the first or last where there is none such."""
        return replace(self, number=min(max(number, 1), len(lesson.steps)))

    def forward(self, lesson: Lesson) -> "Progress":
        """What a presenter's clicker does: it shows the answer where one is open, and else goes on."""
        if is_open(self.step(lesson), self.response()):
            return self.with_answer()
        return self.at_step(self.number + 1, lesson)

    def back(self, lesson: Lesson) -> "Progress":
        """At the step before."""
        return self.at_step(self.number - 1, lesson)

    def step(self, lesson: Lesson) -> Step:
        """The present step."""
        return lesson.steps[min(self.number, len(lesson.steps)) - 1]

    def is_last(self, lesson: Lesson) -> bool:
        """Whether nothing follows."""
        return self.number >= len(lesson.steps) and not is_open(self.step(lesson), self.response())

    def _with(self, response: Response) -> "Progress":
        return replace(self, responses=MappingProxyType({**self.responses, self.number: response}))


def is_open(step: Step, response: Response) -> bool:
    """Whether a question waits for its answer."""
    return step.question is not None and not response.revealed
