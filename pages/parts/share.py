"""What a visitor can take away: the link, the picture, the data, the code. Made only when asked for."""

import csv
import io
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from html import escape
from typing import Literal

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.design.text import kind_of
from core.exact import PathCounts
from core.figures.presented import presented
from core.formatting import all_digits
from pages.frame import screen, settings
from pages.lesson_making import draft
from pages.parts import controls
from pages.parts.copying import copied_text
from pages.parts.qr_code import LONGEST, qr_svg

Arrays = dict[str, np.ndarray]


def chart(
    fig: go.Figure, key: str, alt: str, picks: Callable[[], None] | None = None, shape: screen.Shape = ""
) -> None:
    """Draws a figure; its camera saves the picture. ``picks`` is called when something in it is clicked.

    A ``shape`` follows the window; without one the figure has a height of its own.
    """
    picture = {"format": settings.value("picture"), "filename": key, "scale": 3}
    alt = alt.replace("**", "")
    config = {"displaylogo": False, "modeBarButtons": [["toImage"]], "toImageButtonOptions": picture}
    height: Literal["content", "stretch"] = "stretch" if shape else "content"
    if screen.presents():
        fig, height = presented(fig), "stretch"
    if settings.follows():
        picks = None
    with nullcontext() if height == "content" else screen.figure_place(key, shape):
        if picks is None:
            st.plotly_chart(fig, key=key, alt=alt, config=config, height=height)
        else:
            st.plotly_chart(
                fig, key=key, alt=alt, config=config, height=height, on_select=picks, selection_mode="points"
            )


@dataclass(frozen=True, slots=True)
class File:
    """Something more to take away: its label, its name, and what makes it."""

    label: str
    name: str
    content: Callable[[], str | bytes]


def take_away(
    code: Callable[[], str],
    picture: Callable[[], str],
    arrays: Callable[[], Arrays],
    name: str,
    more: Sequence[File] = (),
) -> None:
    """The menu of everything that can be taken away from a page; ``picture``: as a page of HTML."""
    if settings.follows():
        return
    menu = st.popover("Share", icon=":material/ios_share:", on_change="rerun", key="_take_away")
    if not menu.open:
        return
    with menu:
        link = settings.link(st.context.url or "")
        kept = "" if kind_of(str(settings.value("net"))) != "onnx" else ", as long as this server keeps your file"
        st.caption(f"A link that opens exactly this state{kept}")
        copied_text("Copy the link", link, "_copy_link")
        if len(link) <= LONGEST:
            st.image(
                f"<svg xmlns='http://www.w3.org/2000/svg' width='220' height='220'>{qr_svg(link)}</svg>",
                width=220,
                alt="QR code of the link",
            )
        st.caption("The same inside a page of a course")
        copied_text("Copy the HTML", embedding(link), "_copy_html")
        controls.choice("picture", "Pictures: the camera at the figure's corner saves")
        _download("Data, CSV", lambda: to_csv(arrays()), f"{name}.csv", "text/csv")
        _download("Data, NPZ", lambda: to_npz(arrays()), f"{name}.npz", "application/zip")
        _download("Network, PyTorch", code, f"{name}.py", "text/x-python")
        _download("Figure, HTML", picture, f"{name}.html", "text/html")
        for file in more:
            _download(file.label, file.content, file.name, "application/octet-stream")
        st.button(
            "Add this view to a lesson",
            key="_add_to_lesson",
            icon=":material/playlist_add:",
            width="stretch",
            on_click=draft.add,
            args=(settings.lesson_view(),),
        )


def embedding(link: str) -> str:
    """HTML that shows a page inside another.

    >>> embedding("http://localhost:8501/field?v=2&net=9")
    '<iframe src="http://localhost:8501/field?v=2&amp;net=9&amp;embed=true" width="100%" height="720"></iframe>'
    """
    return f'<iframe src="{escape(link)}&amp;embed=true" width="100%" height="720"></iframe>'


def _download(label: str, content: Callable[[], str | bytes], name: str, kind: str) -> None:
    """A button that makes a file when it is clicked, without another run of the page."""
    st.download_button(label, content, name, kind, on_click="ignore", width="stretch")


def exact_arrays(counts: PathCounts) -> Arrays:
    """Counts for a file: all digits as text, beside their rounded logarithms."""
    whole = counts.array()
    digits = np.array([all_digits(count) for count in whole.ravel().tolist()]).reshape(whole.shape)
    return {"counts": digits, "log10_counts": counts.log10_counts()}


def to_csv(arrays: Arrays) -> str:
    """One line per position: its coordinates, then each array's value there."""
    first = next(iter(arrays.values()))
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*(("plane", "row", "column")[-first.ndim :] if first.ndim < 4 else ()), *arrays])
    for position in np.ndindex(first.shape):
        writer.writerow([*position, *(array[position] for array in arrays.values())])
    return file.getvalue()


def to_npz(arrays: Arrays) -> bytes:
    """The arrays, compressed, without pickles."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def to_html(fig: go.Figure, caption: str) -> str:
    """A page that needs nothing else: the figure and what it shows."""
    lasting = go.Figure(fig)
    lasting.update_layout(paper_bgcolor="#FFFFFF", plot_bgcolor="#FFFFFF", margin_b=64)
    lasting.add_annotation(
        text=caption.replace("**", ""),
        x=0,
        y=0,
        yshift=-44,
        xref="paper",
        yref="paper",
        showarrow=False,
        xanchor="left",
    )
    page: str = lasting.to_html(include_plotlyjs=True, full_html=True)
    return page
