"""Does it matter?"""

from functools import partial
from itertools import count

import streamlit as st

from core.training import Experiment, script
from pages.bar import depth
from pages.frame import shell
from pages.parts import controls, share
from pages.training_run import request, views, words
from pages.training_run.board import Board

frame = shell.frame()
headline = frame.headline
row = st.container(horizontal=True, vertical_alignment="bottom")
wanted = request.request(frame, row)
started = request.started()
with row:
    view = controls.choice("view", "Show")
    kept = request.finished(wanted) if started else None
    button = st.empty()
    if not started:
        again = "Train from the start" if request.so_far(wanted) else "Train"
        button.button(again, key="_train", icon=":material/play_arrow:", on_click=request.begin)
    elif not kept:
        button.button("Stop", key="_train", on_click=request.end, icon=":material/stop:")

stopped = None if started else request.so_far(wanted)
begun, live = started or stopped is not None, started and not kept
found = kept or stopped or request.untrained(wanted)
left, right = st.columns([2, 1], gap="medium")
with left:
    picture = st.container()
with right:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pixel = controls.input_pixel(frame.network.size)
    images, progress, curve = st.container(), st.container(), st.empty()
board = None
if view == "maps" or live or not begun or (view == "field" and not started):
    with picture:
        board = Board(wanted.networks, wanted.against, pixel)
drawn = count()


def show(part: Experiment) -> None:
    """The maps and the losses so far."""
    assert board is not None
    board.draw(part)
    curve.plotly_chart(views.curves(wanted.names, part, views.CURVE_HEIGHT), key=f"_losses_{next(drawn)}")


if live:
    headline = headline.header(words.untrained_insight(found, request.lesson()), anchor=False)  # to be written over
    show(found)
    with images:
        views.samples(found)
    with progress:
        found = request.run(wanted, show)
    if view != "maps" or pixel is not None:  # what is finished takes the place of what was watched
        st.rerun()
if started:
    button.button("Back to the untrained", on_click=request.end, icon=":material/undo:")
insight = words.insight(found, wanted.against) if begun else words.untrained_insight(found, request.lesson())
headline.header(insight, anchor=False)
with picture:
    if board is not None:
        figure = board.finish(found)
    elif view == "curves":
        figure = views.curves(wanted.names, found)
        share.chart(figure, "losses", "the loss of every step")
    else:
        figure = views.fields(wanted.names, found, wanted.key)
with images:
    if begun and pixel is not None and not live:
        views.place_answers(found, wanted.names, pixel)
    elif not live:
        views.samples(found)
if begun and view != "curves":
    with curve.container():
        lines = views.curves(wanted.names, found, views.CURVE_HEIGHT)
        share.chart(lines, "losses", "the loss of every step")
with st.container(horizontal=True, vertical_alignment="bottom"):
    depth.control(frame.text, frame.design, plays=False)
    with st.container(width=420):
        views.scale()
st.caption(words.correlation(found) + words.caption(found, stopped=stopped is not None))
if begun:
    rows = words.rows(found, wanted.against)
    st.table(rows)
    st.caption(words.verdict(found))
controls.folded_table("Every place", "_places", partial(words.place_rows, found))
with frame.corner:
    share.take_away(
        partial(script, wanted.networks[0], wanted.recipe),
        partial(share.to_html, figure, insight),
        partial(request.arrays, found),
        "training",
        request.files(found),
    )
