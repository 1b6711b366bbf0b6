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


def pixels(chart: str, setting: str = "pixel") -> Callable[[], None]:
    """A callback that adds the clicked place of a map to the ``setting``, which holds two at most, as in ``0,0;7,7``.

    A third takes the place of the second; one that is picked already is let go of.
    """

    def take() -> None:
        for point in st.session_state[chart]["selection"]["points"]:
            if "x" in point and "y" in point:
                clicked = f"{round(point['y'])},{round(point['x'])}"
                held = [part.strip() for part in str(st.session_state.get(setting, "")).split(";") if part.strip()]
                kept = [part for part in held if part != clicked]
                st.session_state[setting] = ";".join(kept if clicked in held else [*held[:1], clicked])

    return take


def named(chart: str, setting: str) -> Callable[[], None]:
    """A callback that makes the clicked thing, by the name it carries, the ``setting``; a second click lets go."""

    def take() -> None:
        for point in st.session_state[chart]["selection"]["points"]:
            if place := point.get("customdata"):
                place = place if isinstance(place, str) else place[0]
                st.session_state[setting] = "" if place == st.session_state.get(setting) else place

    return take


def of_map(chart: str, axes: int) -> Callable[[], None]:
    """A callback for a map of so many axes: cuts of three hand back where they were clicked, and move there."""
    return named(chart, "pixel") if axes == 3 else pixels(chart)


def clear(setting: str) -> None:
    """Lets go of what was picked; a callback."""
    st.session_state[setting] = ""
