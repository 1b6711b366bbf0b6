"""What Back and Forward of the browser walk through: pages and chosen views, and no step of depth."""

from urllib.parse import parse_qsl

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx


def restore() -> None:
    """After Back or Forward: the settings of the address, before anything is made of them.

    Streamlit takes out of the address what the page that is left has too, such as its view: it belongs to that page.
    """
    run = get_script_run_ctx()
    if run is None or not run.is_history_navigation:
        return
    address = run.query_string
    lost = {name: text for name, text in parse_qsl(address) if name not in st.query_params}
    if not lost:
        return
    with run.session_state.query_params() as params:
        params.set_initial_query_params(address)
    st.query_params.update(lost)
