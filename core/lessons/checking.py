"""Whether a lesson says what is so: every view opens, every number can be had, every claim is true.

A lesson with a wrong claim cannot be loaded, so that whoever is shown a lesson is shown true sentences.
"""

from ..errors import UserError
from ..expressions import Scope, is_computed, number, parts, truth, within
from .answers import answer, options
from .document import parse
from .lesson import Lesson, LessonError, Step
from .scopes import step_scope
from .views import Opener, open_design
from .wording import expression_and_format, format_number, with_numbers

MAX_SECONDS = 8.0  # for all of a lesson; each of its designs has a limit of its own


def load(text: str, opened: Opener = open_design) -> Lesson:
    """The lesson of a file, if all that it says is so; ``opened`` gives the analysis of a design.

    Raises :class:`~.lessons.lesson.LessonError`, which names the line or the step and says what is wrong.
    """
    lesson = parse(text)
    refuse_unless_true(lesson, opened)
    return lesson


def refuse_unless_true(lesson: Lesson, opened: Opener = open_design) -> None:
    """Raises unless every step of a lesson is so."""
    with within(MAX_SECONDS):
        for place, step in enumerate(lesson.steps, start=1):
            if problem := complaint(step, opened):
                raise LessonError(f"step {place} ({step.title}): {problem}")


def complaint(step: Step, opened: Opener = open_design) -> str:
    """What is wrong with a step; nothing where all of it is so."""
    try:
        with within(MAX_SECONDS):
            _refuse_unless_so(step, opened)
    except UserError as error:
        return str(error)
    return ""


def _refuse_unless_so(step: Step, opened: Opener) -> None:
    """Raises unless the views of a step can be counted, its numbers be had, and its claims are true."""
    scope = step_scope(step, opened)
    _ = scope.view.counts.total()
    if scope.then is not None:
        _ = scope.then.view.counts.total()
    for text in (step.text, step.reveal, *((step.question.prompt,) if step.question else ())):
        with_numbers(text, scope)
    _refuse_written(step)
    if step.question is not None:
        options(step, opened)
        answer(step, opened)
    for claim in step.claims:
        refuse_unless_so(claim, scope)


def refuse_unless_so(claim: str, scope: Scope) -> None:
    """Raises unless a claim is true, with the values of what it names."""
    if not is_computed(claim):
        raise LessonError(f"the claim {claim!r} says nothing of the view; name a number such as corner")
    if not truth(claim, scope):
        values = ", ".join(f"{part} is {format_number(number(part, scope), '/')}" for part in parts(claim))
        raise LessonError(f"the claim {claim!r} is not true: {values}")


def _refuse_written(step: Step) -> None:
    """Raises for an answer that stands in the file instead of following from the view."""
    question = step.question
    if question is None:
        return
    if question.kind == "choice":
        if not all(is_computed(option.condition) for option in question.options):
            raise LessonError("the condition of an option says nothing of the view; name a number such as corner")
    elif not is_computed(expression_and_format(question.answer)[0]):
        raise LessonError(f"the answer {question.answer!r} is written out; name a number of the view, such as centre")
