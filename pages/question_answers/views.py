"""What the page on the question draws: each point of its lesson with the answer, and the view that shows it."""

import streamlit as st

from core.lessons import Step
from pages.frame.registry import PAGES, script
from pages.lesson_steps import drawing
from pages.question_answers import LESSON

_IN_A_ROW = 2


def points(steps: tuple[Step, ...]) -> None:
    """A card for each point."""
    for first in range(0, len(steps), _IN_A_ROW):
        for column, step in zip(st.columns(_IN_A_ROW), steps[first : first + _IN_A_ROW], strict=False):
            with column.container(border=True, height="stretch"):
                _point(step)


def further() -> None:
    """Where the same is asked of another network, and of whoever reads this."""
    with st.container(horizontal=True):
        st.page_link(
            script(PAGES["remedies"]), label="Ask the same of my network", icon=":material/troubleshoot:",
            query_params={"view": "question"},
        )  # fmt: skip
        st.page_link(
            script(PAGES["lesson"]), label="Guess each answer first", icon=":material/school:",
            query_params={"lesson": LESSON},
        )  # fmt: skip


def _point(step: Step) -> None:
    st.subheader(drawing.plain(step.title), anchor=False)
    drawing.draw_text(step)
    if step.question is not None:
        st.caption(drawing.inline(drawing.question_text(step)))
        st.markdown(drawing.reveal_text(step))
    drawing.link_to(step.then or step.view)
