"""Small multiples on a page: tiles beside each other, as many in a row as there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from pages.parts import picks, share

SIDE = 184  # pixels of a tile: four of them fit a laptop beside the sidebar


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One small multiple: its heading, its drawing, or why there is none, and what stands under it."""

    name: str
    figure: go.Figure | None
    told: str


def draw(tiles: Sequence[Tile], bars: Sequence[go.Figure], name: str = "tile") -> None:
    """Tiles beside each other as far as there is room, then the colours' scales; ``name`` begins their keys."""
    with st.container(horizontal=True, gap="small"):
        for at, tile in enumerate(tiles):
            with st.container(width=SIDE + 4, key=f"tile_of_{name}_{at}"):
                st.markdown(f"**{tile.name}**")
                if tile.figure is not None:
                    alt = f"{tile.name}: {tile.told}"
                    share.chart(tile.figure, f"{name}_{at}", alt, picks.pixel(f"{name}_{at}"))
                st.caption(tile.told)
    with st.container(horizontal=True):
        for at, bar in enumerate(bars):
            with st.container(width=420):
                share.chart(bar, f"{name}_scale_{at}", "what the colours mean")
