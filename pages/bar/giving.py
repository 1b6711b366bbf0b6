"""The way of an ONNX file onto a page: chosen in the menu, or dropped anywhere on the page."""

import streamlit as st

from core.errors import UserError
from pages.frame import settings
from pages.work import turns, uploads

_COUNT = "_files_taken"  # how many files were taken: an uploader that was used lets go of its file
_COMPLAINT = "_file_complaint"


def drop_zone() -> None:
    """Covers the page while a file is dragged over it (assets/page/drop.js), and is not seen otherwise."""
    with st.container(key="onnx_drop"):
        _uploader("dropped", "Drop an ONNX file: it is read, never run")
    if complaint := st.session_state.pop(_COMPLAINT, None):
        st.error(complaint, icon=":material/error:")


def choice() -> None:
    """The uploader of the menu."""
    _uploader("chosen", "An ONNX file: read, never run; or drop it anywhere on the page")


def _uploader(name: str, label: str) -> None:
    key = f"_{name}{st.session_state.get(_COUNT, 0)}"
    st.file_uploader(
        label, ["onnx"], key=key, max_upload_size=uploads.MAX_MEGABYTES, on_change=_take, args=(key,), width="stretch"
    )


def _take(key: str) -> None:
    """Makes a file the design; one that cannot be read is told, and nothing is lost."""
    if (given := st.session_state.get(key)) is None:
        return
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
    try:
        with turns.long_work():
            settings.put_design(uploads.taken(given.name, given.getvalue()))
    except UserError as error:
        st.session_state[_COMPLAINT] = str(error)
