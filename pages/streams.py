"""Will it stream?"""

from functools import partial

import streamlit as st

from core.design.code import design_code
from core.design.stream_code import stream_code
from pages.bar import depth
from pages.frame import shell
from pages.parts import controls, share
from pages.signal_stream import views, words

frame = shell.frame()
with frame.controls:
    depth.control(frame.text, frame.design)
    told = views.asked(frame)

insight = words.insight(told)
frame.headline.header(insight, anchor=False)
for sentence in words.remarks(told):
    st.markdown(sentence)
figure, periodic = views.moment(told), views.phases(told)
picture, beside = st.container(key="main_picture").columns([6, 5], gap="medium")
with picture:
    st.caption(words.PICTURE)
    share.chart(figure, "stream", insight)
    if periodic is not None:
        st.caption(words.PHASES)
        share.chart(periodic, "phases", words.PHASES)
with beside:
    views.proof(frame, told)
    st.table(words.facts(told), hide_index=True, alt="Context, latency, blocks and state")
    views.made_causal(frame, told)
controls.folded_table("State of every layer", "_state", partial(words.state_rows, told))
with frame.corner:
    code = partial(stream_code, frame.analysis, told.stream.axis)
    share.take_away(
        partial(design_code, frame.design),
        partial(share.to_html, figure, insight),
        partial(views.arrays, told),
        "stream",
        more=[share.File("Forward pass in blocks, PyTorch", "streamed.py", code)],
    )
