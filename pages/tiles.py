"""Will it tile?"""

from functools import partial

import streamlit as st

from core.design.code import design_code
from core.design.tile_code import tile_code
from core.exact.tiles import share_map
from core.figures.tiles import lost_paths
from pages.bar import depth
from pages.frame import shell
from pages.image_tiles import views, words
from pages.parts import controls, share
from pages.parts.tables import arrow_table

frame = shell.frame()
halo = frame.analysis.halo
with frame.controls:
    depth.control(frame.text, frame.design)
    tiles = views.chosen(halo)

insight = words.insight(halo)
frame.headline.header(insight, anchor=False)
for sentence in words.reasons(halo):
    st.markdown(sentence)
shares = share_map(tiles)
plane = shares.shape[0] // 2 if shares.ndim == 3 else None  # of three axes the middle plane is drawn
drawn, owned = (shares, tiles.owned) if plane is None else (shares[plane], tiles.owned[1:])
figure = lost_paths(drawn, owned)
picture, beside = st.container(key="main_picture").columns([6, 5], gap="medium")
with picture:
    share.chart(figure, "lost_paths", insight, shape="" if shares.ndim == 1 else "square")
    st.caption(words.picture(plane))
with beside:
    views.proof(frame.design, tiles)
    st.table(arrow_table(words.facts(tiles)), hide_index=True, alt="What a tile owns, costs and loses")
controls.folded_table("Every layer", "_layers", partial(words.stages, halo))
with frame.corner:
    code = partial(tile_code, frame.analysis)
    share.take_away(
        partial(design_code, frame.design),
        partial(share.to_html, figure, insight),
        lambda: {"lost_share": shares},
        "tiles",
        more=[share.File("Tiled forward pass, PyTorch", "tiled.py", code)],
    )
