"""A part of the page without a picture: the browser keeps the secret of a class, and says it after a reload."""

import streamlit as st

_SCRIPT = """
export default function ({ data, setStateValue }) {
    const name = `class:${data.code}`;
    let kept = "";
    try {
        if (data.secret) localStorage.setItem(name, data.secret);
        kept = localStorage.getItem(name) ?? "";
    } catch { /* a browser that keeps nothing: its teacher has the link */ }
    if (!data.secret && data.answer !== (kept || "none")) setStateValue("secret", kept || "none");
}
"""

_keeper = st.components.v2.component("class_keeper", js=_SCRIPT)


def keep(code: str, secret: str) -> None:
    """Has the browser keep a secret."""
    _keeper(key="_keeper", data={"code": code, "secret": secret})


def kept(code: str) -> str | None:
    """The secret that the browser keeps, ``none`` where it has none; None: it has not said yet."""
    answer = (st.session_state.get("_keeper") or {}).get("secret")
    answer = _keeper(
        key="_keeper",
        data={"code": code, "answer": answer},
        default={"secret": None},
        on_secret_change=lambda: None,
    ).secret
    return answer if isinstance(answer, str) else None
