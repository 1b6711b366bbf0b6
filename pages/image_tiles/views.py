"""The parts of the page of tiles: the tile that is looked at, and the proof."""

import streamlit as st

from core.design.design import Design
from core.errors import LimitError, UserError
from core.exact.halo import Halo
from core.exact.tiles import Tiles, largest_size, least_size, tiles_of
from core.program import PROGRAM, loaded
from pages.frame import settings
from pages.image_tiles import words
from pages.parts import controls

_USUAL_BYTES = 64 * 2**20
_AT_ONCE = 40_000_000_000  # multiply-adds of a proof for which a visitor waits: about two seconds


def chosen(halo: Halo) -> Tiles:
    """Tiles as the controls say; raises :class:`~core.errors.UserError` for what is not legal."""
    side = controls.number("tile", "Tile", width=150, help="pixels along each axis; 0: the app chooses")
    typed = controls.text("overlap", "Overlap", width=120, placeholder="halo", help="pixels on every side")
    if typed and not (typed.isascii() and typed.isdigit()):
        raise UserError(f"{typed!r} is no overlap; give pixels, as 32, or nothing for the halo")
    size = (side,) * len(halo.grid) if side else _usual(halo)
    return tiles_of(halo, size, int(typed) if typed else None)


def proof(design: Design, tiles: Tiles) -> None:
    """A button that compares tiles with the whole image on the live model, and what it found."""
    if settings.follows() or not st.button("Prove it on the live model", key="_prove", icon=":material/fact_check:"):
        return
    small = tiles_of(tiles.halo, least_size(tiles.halo))
    try:
        if 5 ** len(small.size) * small.cost.multiply_adds > _AT_ONCE:
            raise LimitError(f'that takes longer than a page waits: {PROGRAM} tile "{design.text}" --prove')
        with st.spinner("Tiles are run in float64, and stitched"):
            found = loaded("core.design.tile_proof").prove(design, small)
    except UserError as error:
        st.info(str(error), icon=":material/info:")
        return
    st.markdown(words.proved(found.difference, found.difference_one_less))


def _usual(halo: Halo) -> tuple[int, ...]:
    """About three times the smallest, where that is not much memory."""
    least = least_size(halo)
    wide = tuple(side + 2 * side // grid * grid for side, grid in zip(least, halo.grid, strict=True))
    most = largest_size(halo, max(_USUAL_BYTES, tiles_of(halo, least).bytes))
    return tuple(map(min, wide, most))
