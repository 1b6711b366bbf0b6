"""Clicks on figures become settings: the picked pixel, the picked unit."""

from collections.abc import Callable

import streamlit as st


def pixel(chart: str, setting: str = "pixel") -> Callable[[], None]:
    """A callback that makes the clicked place of a map the ``setting``, as ``row,column``."""

    def take() -> None:
        for point in st.session_state[chart]["selection"]["points"]:
            if "x" in point and "y" in point:
                st.session_state[setting] = f"{round(point['y'])},{round(point['x'])}"

    return take


def named(chart: str, setting: str) -> Callable[[], None]:
    """A callback that makes the clicked thing, by the name it carries, the ``setting``; a second click lets go."""

    def take() -> None:
        for point in st.session_state[chart]["selection"]["points"]:
            if place := point.get("customdata"):
                place = place if isinstance(place, str) else place[0]
                st.session_state[setting] = "" if place == st.session_state.get(setting) else place

    return take


def clear(setting: str) -> None:
    """Lets go of what was picked; a callback."""
    st.session_state[setting] = ""
