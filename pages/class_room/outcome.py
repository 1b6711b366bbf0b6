"""What a class predicted, shown to all once the teacher has revealed it."""

import streamlit as st

from core.figures.predictions import prediction_bars, prediction_map
from pages.class_room import words
from pages.class_room.board import board
from pages.class_room.room import Room
from pages.class_room.tally import Bars, tally


def show(room: Room, own: str | None = None) -> None:
    """The figure of a revealed question and one sentence; ``own``: the prediction of the student who looks."""
    assert room.question is not None
    values = board().values(room.code, room.number)
    sentence = words.outcome(room.question, values, room.answer, own)
    st.markdown(sentence)
    if not values:
        return
    found = tally(room.question, values, room.answer, own)
    if isinstance(found, Bars):
        st.html(prediction_bars(found.labels, found.counts, found.answer, found.own))
        return
    figure = prediction_map(found.size, found.counts, found.answers, found.own, 420 if found.size[0] > 1 else 90)
    st.plotly_chart(
        figure, key=f"_class_outcome_{room.number}", alt=sentence.replace("**", ""), config={"displayModeBar": False}
    )
