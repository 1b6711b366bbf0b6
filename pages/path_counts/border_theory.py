"""What border theory asks of the paths, below them: padding in them, how long they are, what the strides fold."""

from collections.abc import Callable

import streamlit as st

from core.design.analysis import Unit
from core.errors import UserError
from core.exact.padding_share import PaddingShare
from core.exact.path_lengths import PathLengths
from core.exact.work import takes_long
from core.figures.lengths import length_bars, share_maps
from core.program import loaded
from pages.frame import settings
from pages.frame.shell import Frame
from pages.parts import controls, share
from pages.parts.tables import arrow_table
from pages.path_counts import theory_words as words
from pages.work import cache, jobs

MAP_HEIGHT = 400


def draw(frame: Frame, unit: Unit) -> None:
    """The choice of what is shown, none at first, and what is chosen."""
    shown = controls.choice("theory", "More about these paths")
    if shown == "none":
        return
    if takes_long(frame.analysis.graph):
        st.info(words.TOO_LONG, icon=":material/info:")
        return
    try:
        _SHOWN[shown](frame, unit)
    except UserError as error:
        st.info(str(error), icon=":material/info:")


def _padding(frame: Frame, unit: Unit) -> None:
    known = frame.analysis.padding_share
    st.markdown(words.padding(known))
    if known.mean and len(known.whole.size) < 3:
        _padding_map(known)
    st.caption(words.PADDING)


def _padding_map(known: PaddingShare) -> None:
    figure = share_maps({"share of the paths to each output unit": known.shares}, most=1.0, height=MAP_HEIGHT)
    share.chart(figure, "padding_share", words.padding(known))


def _lengths(frame: Frame, unit: Unit) -> None:
    analysis = frame.analysis
    with st.spinner("Counting paths by their length"):
        known = cache.path_lengths(str(frame.text), analysis.gates, unit)
    sentence = words.lengths(known, unit)
    st.markdown(sentence)
    if known.total:
        share.chart(length_bars(known.spectrum()), "path_lengths", sentence)
    st.caption(words.LENGTHS)
    if len(known.spectrum()) > 1:
        if len(known.packed.size) < 3:
            _weighed(known)
        _measured(frame, "alpha", "Fit alpha to a live model", lambda found: words.alpha(found.alpha()))


def _weighed(known: PathLengths) -> None:
    percent = controls.number(
        "alpha", "Alpha in %", slides=True, width=320, help="each window on a path weighs it by this"
    )
    weighed = known.weighed(percent / 100)
    maps = {"plain counts": known.weighed(1.0), f"weighed by {percent / 100:g} for each window": weighed}
    share.chart(share_maps(maps, height=MAP_HEIGHT), "weighed_paths", words.weighed(percent))


def _strides(frame: Frame, unit: Unit) -> None:
    rows = words.aliased(frame.analysis)
    if not rows:
        st.markdown("**No window of this design strides**, so that nothing folds.")
    else:
        st.table(arrow_table(rows), hide_index=True, alt="What each stride folds")
    st.caption(words.STRIDES)

    def told(found: object) -> str:
        return words.live_strides(frame.analysis, found.aliasing(), list(found.shifts()))  # type: ignore[attr-defined]

    _measured(frame, "strides", "Measure a live model", told)


def _measured(frame: Frame, what: str, label: str, tell: Callable[..., str]) -> None:
    """A button, and once it was pressed what a live model says; a class does not follow it."""
    if settings.follows():
        return
    seed = int(settings.value("seed"))
    key = f"theory|{what}|{frame.key}|{seed}"
    pressed = st.button(label, key=f"_theory_{what}", icon=":material/speed:")
    if not pressed and jobs.results().finished(key) is None:
        return

    def make() -> str:
        return tell(loaded("core.design.live_measures", None).LiveMeasures(frame.analysis, seed))

    st.markdown(jobs.run_once(key, make, "Measuring"))
    st.caption(words.live_recipe(seed))


_SHOWN: dict[str, Callable[[Frame, Unit], None]] = {"padding": _padding, "lengths": _lengths, "strides": _strides}
