"""Which remedies are asked about, of which design; the comparison; and the two designs that are pinned."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import streamlit as st
from pages.shared import controls, jobs, settings

from core.comparison import Comparison, Variant, compared, comparisons, plans_for
from core.design.design import Design
from core.design.typed import TypedDesign
from core.errors import UserError
from core.network import Network, parse
from core.remedies import REMEDIES, chosen

Plan = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A design, the remedies to take, and a key that names both."""

    design: Design
    plans: tuple[Plan, ...]
    key: str


def asked(design: Design, name: str) -> Asked:
    """What the controls describe; remedies that there are not are told and left out."""
    typed = str(settings.value("helps"))
    named = _parts(typed)
    st.session_state["_helps"] = named
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            "Remedies",
            list(dict.fromkeys([*REMEDIES, *named])),
            key="_helps",
            placeholder="all that apply",
            accept_new_options=True,
            on_change=_take,
            help="a+b takes two together; random-connections r16 seed3 takes numbers",
        )
        together = controls.switch("together", "All together", disabled=len(named) < 2)
    plans = [plan for text in named if (plan := _plan(text))]
    if together and len(plans) > 1:
        plans.append(tuple(name for plan in plans for name in plan))
    whole = tuple(plans or plans_for(design))
    return Asked(design, whole, f"remedies|{name}|{whole}")


def written() -> None:
    """The remedies as text, which the URL carries."""
    controls.text("helps", "Remedies as text", placeholder="all", help="as in even-input, kernel-padding+even-input")


def comparison(of: Asked) -> Comparison:
    """The design beside what each plan makes of it, with progress where it takes long."""
    return jobs.worked(partial(_steps, of), of.key, lambda _: None, _told, "Counting paths")


def _steps(of: Asked) -> Iterator[tuple[int, int, Comparison]]:
    for done, found in enumerate(comparisons(of.design, of.plans)):
        yield done, len(of.plans), found


def _told(done: int, total: int, _: Comparison) -> str:
    return f"{done} of {total} remedies"


def pins(network: Network, best: Network | None) -> Comparison:
    """The two pinned designs compared, A as the original."""
    own = str(network)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = controls.text("a", "A", placeholder=own, help="nothing: the network of the other pages")
        st.button("Pin the network as A", on_click=_put("a", own), icon=":material/push_pin:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        helped = str(best or network)
        second = controls.text("b", "B", placeholder=helped, help="nothing: what helps most")
        st.button("Pin the network as B", on_click=_put("b", own), icon=":material/push_pin:")
    texts = first or own, second or helped
    found = []
    for label, text in zip("AB", texts, strict=True):
        try:
            found.append(_pinned(text))
        except UserError as error:
            st.error(f"{label}: {error}", icon=":material/error:")
            st.button(f"Let go of {label}", on_click=_put(label.lower(), ""), icon=":material/build:")
            st.stop()
    return Comparison(found[0], (found[1],), ())


@st.cache_resource(max_entries=8, show_spinner=False)
def _pinned(text: str) -> Variant:
    return compared(TypedDesign(parse(text)), ()).original


def _put(name: str, text: str) -> Callable[[], None]:
    def put() -> None:
        st.session_state[name] = text

    return put


def _take() -> None:
    st.session_state["helps"] = ", ".join(st.session_state["_helps"])


def _parts(typed: str) -> list[str]:
    return list(dict.fromkeys(" ".join(part.split()) for part in typed.split(",") if part.strip()))


def _plan(text: str) -> Plan | None:
    plan = tuple(part.strip() for part in text.split("+"))
    try:
        for name in plan:
            chosen(name)
    except UserError as error:
        st.warning(f"{text} was not used: {error}", icon=":material/link_off:")
        return None
    return plan
