"""The app: warm-up, navigation, the page. Start it with ``streamlit run app.py``."""

import streamlit as st

from pages.frame import shell, warmup

st.logo(shell.LOGO, size="large")
warmup.once()
shell.run()
