"""Does it matter?"""

from functools import partial

import streamlit as st

from core.training import script
from pages.bar import depth
from pages.frame import shell
from pages.parts import controls, share
from pages.training_run import request, views, words

frame = shell.frame()
settled, row = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
with row:
    depth.control(frame.text, frame.design, plays=False)
with settled:
    wanted = request.request(frame)
started = request.started()
with row:
    view = controls.choice("view", "Show")
    kept = request.finished(wanted)
    button = st.empty()
    if not started:
        again = "Train from the start" if request.so_far(wanted) else "Train"
        button.button(again, icon=":material/play_arrow:", on_click=request.begin)
    elif not kept:
        button.button("Stop", key="_stop", on_click=request.end, icon=":material/stop:")

place = st.empty()
with st.container(horizontal=True, vertical_alignment="bottom"):
    pixel = controls.input_pixel(frame.network.size)
stopped = None if started else request.so_far(wanted)
found = request.run(wanted, place) if started else stopped or request.untrained(wanted)
begun = started or stopped is not None
if started:
    button.button("Back to the untrained", on_click=request.end, icon=":material/undo:")
insight = words.insight(found, wanted.against) if begun else words.untrained_insight(found, request.lesson())
frame.headline.header(insight, anchor=False)
with place.container():
    if view == "curves" and begun:
        figure = views.curves(wanted.names, found)
        share.chart(figure, "losses", "the loss of every step")
    elif view == "field" and kept:
        figure = views.fields(wanted.names, found, wanted.key)
    else:
        figure = views.maps(wanted.names, found, pixel)
st.caption(words.caption(found, stopped=stopped is not None and not kept))
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
