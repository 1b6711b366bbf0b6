"""The lesson that a visitor is making: views that were added on any page, their order, and what is written to them.

It is kept in the session, and in the address while it is short: a reload brings it back.
"""

from dataclasses import dataclass, replace

import streamlit as st

from core.errors import UserError
from core.lessons import Lesson, LessonError, Step, format_lesson, parse, parse_view
from core.lessons.document import MAX_STEPS
from pages.frame import settings
from pages.frame.registry import PAGES
from pages.lesson_steps import library

_HELD = "_draft"
TITLE = "My lesson"


@dataclass(frozen=True, slots=True)
class Draft:
    """A lesson that may have no step yet, and may say what is not so."""

    title: str = TITLE
    summary: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def text(self) -> str:
        """The file so far; empty without steps."""
        return format_lesson(Lesson(self.title, self.summary, self.steps)) if self.steps else ""

    def with_step(self, step: Step) -> "Draft":
        """With one more step, the last."""
        if len(self.steps) == MAX_STEPS:
            raise LessonError(f"a lesson has at most {MAX_STEPS} steps; take one away first")
        return replace(self, steps=(*self.steps, step))

    def changed(self, number: int, step: Step) -> "Draft":
        """With another step in the place of one."""
        return replace(self, steps=(*self.steps[: number - 1], step, *self.steps[number:]))

    def without(self, number: int) -> "Draft":
        """Without a step."""
        return replace(self, steps=(*self.steps[: number - 1], *self.steps[number:]))

    def moved(self, number: int, by: int) -> "Draft":
        """With a step so many places further on."""
        steps = list(self.steps)
        step = steps.pop(number - 1)
        steps.insert(min(max(number - 1 + by, 0), len(steps)), step)
        return replace(self, steps=tuple(steps))


def draft() -> Draft:
    """The visitor's draft: that of the session, else that of the address, else an empty one."""
    held: Draft | None = st.session_state.get(_HELD)
    if held is not None:
        return held
    name = str(settings.in_address("lesson")) if settings.shown_page() == "make_lesson" else ""
    try:
        return of_text(library.text_of(name)) if name else Draft()
    except UserError as error:
        st.warning(str(error), icon=":material/link_off:")
        return Draft()


def of_text(text: str) -> Draft:
    """The draft of a lesson's file."""
    lesson = parse(text)
    return Draft(lesson.title, lesson.summary, lesson.steps)


def keep(changed: Draft, number: int | None = None) -> None:
    """Makes this the draft, and a step the one that is edited."""
    st.session_state[_HELD] = changed
    if settings.shown_page() != "make_lesson":
        return
    last = max(len(changed.steps), 1)
    st.query_params["step"] = str(min(max(number or edited(), 1), last))
    if name := library.link_name(changed.text) if changed.steps else "":
        st.query_params["lesson"] = name
    else:
        st.query_params.pop("lesson", None)


def edited() -> int:
    """The number of the step that is edited; one beyond the end is the last."""
    return int(settings.in_address("step"))


def add(address: str) -> None:
    """Adds a view to the draft; a callback."""
    try:
        view = parse_view(address)
        changed = draft().with_step(Step(PAGES[view.page].question, str(view)))
    except UserError as error:
        st.toast(str(error), icon=":material/error:")
        return
    keep(changed, len(changed.steps))
    st.toast(f"This is step {len(changed.steps)} of your lesson: Learn, Make a lesson", icon=":material/playlist_add:")
