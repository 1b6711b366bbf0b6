"""A step as it is seen: its figure, its sentences, its question, and the answer once it is revealed."""

import re
from collections.abc import Callable
from urllib.parse import quote, urlencode

import streamlit as st

from core.lessons import Lesson, Step, options, parse_view, verdict, view_scope, with_numbers
from core.lessons.answers import Answer
from core.lessons.progress import Response
from pages.frame.registry import HOME
from pages.lesson_steps import figures
from pages.work import cache

_TEXTS = 512  # kept, with their numbers


def draw_step(
    lesson: Lesson,
    number: int,
    revealed: bool,
    key: str = "step",
    beside: bool = True,
    asked: Callable[[], None] | None = None,
) -> None:
    """A step to be looked at, without anything to type or to press: for a class that follows, and for a preview.

    ``number`` is that of the step, the first being 1; ``key`` begins the keys of its figures; ``beside``: whether the
    words stand beside the figure, and not below it; ``asked`` draws the question, where a class is asked it, and stands
    first: on a telephone right below the figure.
    """
    step = lesson.steps[number - 1]
    st.header(f"**{plain(step.title)}**", anchor=False)
    picture, words = st.columns([7, 5], gap="large") if beside else (st.container(), st.container())
    with words:
        if asked is not None:
            asked()
        draw_text(step)
        if step.question is not None and asked is None:
            draw_question(step)
            draw_options(step)
        if revealed and step.question is not None:
            draw_answer(step, Response(revealed=True), known=asked is not None)
    with picture:
        draw_figure(step, revealed, f"{key}_{number}")


def draw_figure(
    step: Step, revealed: bool, key: str, guess: Answer | None = None, picks: figures.Picks | None = None
) -> None:
    """The figure of a step: covered while its question is open, unless another view answers it."""
    waiting = step.question is not None and not revealed
    address = step.then if step.then and not waiting else step.view
    pixel = guess if isinstance(guess, tuple) else None
    figures.draw(address, f"{key}_{'open' if waiting else 'shown'}", waiting and not step.then, pixel, picks)
    view = parse_view(address)
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key=f"lesson_view_{key}"
    ):
        st.caption(plain(view.design), width="content")
        if not waiting or step.then:
            link_to(address)


def link_to(address: str) -> None:
    """A link that opens a view."""
    st.link_button(
        "Open this view", link(address), icon=":material/open_in_new:", type="tertiary",
        help="In a tab of its own, with everything to change",
    )  # fmt: skip


def draw_text(step: Step) -> None:
    """The sentences, with their numbers."""
    if step.text:
        st.markdown(plain(_words(step.text, step.view, step.then)))


def draw_question(step: Step) -> None:
    """The question, in words."""
    assert step.question is not None
    st.markdown(f"**{inline(question_text(step))}**")


def draw_options(step: Step) -> None:
    """What can be chosen, to be read."""
    if step.question is not None and step.question.kind == "choice":
        st.markdown("\n".join(f"- {inline(text)}" for text in options(step, cache.analysis)))


def question_text(step: Step) -> str:
    """The question, with its numbers."""
    assert step.question is not None
    return _words(step.question.prompt, step.view, step.then)


def reveal_text(step: Step) -> str:
    """What follows from the view, with its numbers; empty where nothing more is said."""
    return inline(_words(step.reveal, step.view, step.then)) if step.reveal else ""


def draw_answer(step: Step, response: Response, known: bool = False) -> None:
    """The answer beside the guess, and what follows from it; just the latter where the answer is ``known``."""
    assert step.question is not None
    reveal = reveal_text(step)
    if known and not reveal:
        return
    with st.container(border=True, key="lesson_answer"):
        if not known:
            st.markdown(inline(verdict(step, response.guess, cache.analysis)))
        if response.why:
            st.caption(f"Your reason: {literal(response.why)}")
        if reveal:
            st.markdown(reveal)


@st.cache_resource(max_entries=_TEXTS, show_spinner=False)
def _words(text: str, view: str, then: str) -> str:
    """A text with the numbers of its views in their places."""
    return with_numbers(text, view_scope(view, then, cache.analysis))


def link(address: str) -> str:
    """The address of the real page, beside this one."""
    view = parse_view(address)
    page = "./" if view.page == HOME else view.page
    return f"{page}?{urlencode(dict(view.settings), quote_via=quote)}"


def plain(text: str) -> str:
    """Markdown of a lesson as the app writes it: a dollar is a dollar."""
    return text.replace("$", "\\$")


def inline(text: str) -> str:
    """One line of Markdown, as a sentence: one that begins with a number and a full stop is no list."""
    return re.sub(r"^(\d+)([.)]\s)", r"\1\\\2", plain(text))


def literal(text: str) -> str:
    """What somebody typed, as it was typed."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>$~:#|!" else letter for letter in text)
