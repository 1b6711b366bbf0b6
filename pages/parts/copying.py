"""A text to take elsewhere, with a button that copies it (``assets/copy``)."""

from pathlib import Path

import streamlit as st

_ASSETS = Path(__file__).parents[2] / "assets" / "copy"
_component = st.components.v2.component(
    "copied_text",
    html='<div class="rf-copy"><code tabindex="0"></code><button></button><span role="status"></span></div>',
    css=(_ASSETS / "look.css").read_text(),
    js=(_ASSETS / "copy.js").read_text(),
    isolate_styles=False,
)


def copied_text(label: str, text: str, key: str) -> None:
    """Shows a text; ``label``: of the button."""
    _component(key=key, data={"label": label, "text": text})
