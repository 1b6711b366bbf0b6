"""Which remedies are asked about, of which design, and the comparison that answers."""

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.comparison import Comparison, Refusal, Variant, accumulated, comparison_parts, plans_for
from core.design.design import Design
from core.errors import UserError
from core.exact.process import Result, steps_apart
from core.network import limits
from core.remedies import REMEDIES, chosen
from pages.frame import settings
from pages.frame.shell import Frame
from pages.parts import controls
from pages.work import apart, jobs

Plan = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonRequest:
    """A design, the remedies to take, and a key that names both."""

    design: Design
    plans: tuple[Plan, ...]
    key: str
    apart: bool  # in a process of its own

    def steps(self) -> Iterator[tuple[int, int, Comparison]]:
        """The comparison after each remedy: done, of how many, and what is known by then."""
        parts = self._parts_apart() if self.apart else comparison_parts(self.design, self.plans)
        for done, comparison in enumerate(accumulated(parts)):
            yield done, len(self.plans), comparison

    def _parts_apart(self) -> Iterator[Variant | Refusal]:
        """Each part once, as they come from a process of its own."""
        seconds = limits.MAX_CLOCK * len(self.plans)
        for event in steps_apart(comparison_parts, self.design, self.plans, seconds=seconds):
            jobs.stop_if_left()
            if isinstance(event, Result):
                yield event.value


def request(frame: Frame, place: DeltaGenerator) -> ComparisonRequest:
    """What the controls describe; remedies that there are not are told and left out."""
    with frame.side:
        controls.text(
            "remedies", "Remedies as text", placeholder="all", help="as in even-input, kernel-padding+even-input"
        )
    named = _parts(str(settings.value("remedies")))
    st.session_state["_remedies"] = named
    with place.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            "Remedies",
            list(dict.fromkeys([*REMEDIES, *named])),
            key="_remedies",
            placeholder="all that apply",
            accept_new_options=True,
            on_change=_take,
            help="a+b takes two together; random-connections r16 seed3 takes numbers",
        )
        together = controls.switch("together", "All together", disabled=len(named) < 2)
    plans = [plan for text in named if (plan := _plan(text))]
    if together and len(plans) > 1:
        plans.append(tuple(name for plan in plans for name in plan))
    whole = tuple(plans or plans_for(frame.design))
    return ComparisonRequest(frame.design, whole, f"remedies|{frame.text}|{whole}", apart.is_heavy(frame.analysis))


def comparison(of: ComparisonRequest) -> Comparison:
    """The design beside what each plan makes of it, with progress where it takes long."""
    return jobs.run_job(
        of.steps,
        of.key,
        lambda _: None,
        lambda done, total, _: f"{done} of {total} {'remedy' if total == 1 else 'remedies'}",
        "Counting paths",
    )


def _take() -> None:
    st.session_state["remedies"] = ", ".join(st.session_state["_remedies"])


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
