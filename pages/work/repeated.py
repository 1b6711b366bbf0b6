"""What a page does again every so many seconds, without a visitor's doing and without the rest of the page."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

P = ParamSpec("P")


def repeated(seconds: float) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A fragment that runs again after so many seconds, alone in a container.

    Alone, because Streamlit 1.67 lets go of a fragment's unsent place in the page when the fragment runs again before
    a busy server has sent the page: what follows it in the same container then moves up, and is overwritten.
    """

    def wrapped(draw: Callable[P, None]) -> Callable[P, None]:
        fragment = st.fragment(draw, run_every=seconds)

        @wraps(draw)
        def placed(*args: P.args, **kwargs: P.kwargs) -> None:
            with st.container(width="content"):
                fragment(*args, **kwargs)

        return placed

    return wrapped
