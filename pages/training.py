"""Does it matter?"""

from functools import partial

import streamlit as st
from pages.shared import controls, picks, share, shell, training, training_views, training_words

from core.training import script

frame = shell.require()
settled, row = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
with row:
    network = controls.depth(frame.network, plays=False)
with settled:
    asked = training.asked(network)
started = training.started()
with row:
    view = controls.choice("outcome", "Show")
    kept = training.finished(asked)
    button = st.empty()
    if not started:
        again = "Train from the start" if training.so_far(asked) else "Train"
        button.button(again, type="primary", icon=":material/play_arrow:", on_click=training.begin)
    elif not kept:
        button.button("Stop", key="_stop", on_click=training.end, icon=":material/stop:")

place = st.empty()
with st.container(horizontal=True, vertical_alignment="bottom"):
    typed = controls.text("pixel", "Pixel", width=130, help="row,column, or click any map")
    pixel = controls.position(typed, network.size, "pixel")
    st.button("Clear", on_click=picks.clear, args=("pixel",), disabled=pixel is None)
stopped = None if started else training.so_far(asked)
found = training.run(asked, place) if started else stopped or training.untrained(asked)
begun = started or stopped is not None
if started:
    button.button("Back to the untrained", on_click=training.end, icon=":material/undo:")
insight = (
    training_words.insight(found, asked.against)
    if begun
    else training_words.untrained_insight(found, training.lesson())
)
frame.headline.subheader(insight, anchor=False)
with place.container():
    if view == "curves" and begun:
        figure = training_views.curves(asked.names, found)
        share.chart(figure, "losses", "the loss of every step")
    elif view == "field" and kept:
        figure = training_views.fields(asked.names, found, asked.key)
    else:
        figure = training_views.maps(asked.names, found, pixel)
st.caption(training_words.caption(found, stopped=stopped is not None and not kept))
if begun:
    rows = training_words.rows(found, asked.against)
    st.table(rows)
    st.caption(training_words.verdict(found))
controls.folded_table("Every place", "_places", partial(training_words.place_rows, found))
with frame.corner:
    share.take_away(
        partial(script, asked.networks[0], asked.recipe),
        figure,
        insight,
        partial(training.arrays, found),
        "training",
        training.files(found),
    )
