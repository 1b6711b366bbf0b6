"""The app: page configuration, warm-up, navigation. Start it with ``streamlit run app.py``."""

import streamlit as st

from pages.frame import shell, warmup

st.set_page_config(
    page_title="Receptive-field imbalance explorer",
    page_icon="assets/logo.svg",
    layout="wide",
    menu_items={"About": None},
)
st.logo("assets/logo.svg", size="large")
warmup.once()
shell.run()
