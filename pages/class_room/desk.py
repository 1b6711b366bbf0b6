"""The page of a class: starting and joining one; the invitation, the results and the end for its teacher."""

import csv
import io

import streamlit as st

from core.errors import UserError
from pages.class_room import codes, keeper, limits, words
from pages.class_room.board import board
from pages.class_room.invitation import Invitation, card_svg, invitation, own_network_address
from pages.class_room.member import Student, Teacher, join, member, start, wanted
from pages.class_room.teacher import end
from pages.frame import settings
from pages.frame.registry import PAGES
from pages.parts.copying import copied_text

_COMPLAINT = "_class_join_complaint"


def show() -> None:
    """What the page holds for whoever looks at it."""
    who = member()
    if isinstance(who, Teacher):
        _invite(who)
    elif isinstance(who, Student):
        st.header(words.WAITING, anchor=False)
    elif wanted() is None:
        _entrance()


def _entrance() -> None:
    st.markdown(words.WHAT_IT_IS)
    left, right = st.columns(2, gap="large")
    with left.container(border=True):
        st.header("You teach", anchor=False)
        st.caption(words.TEACH)
        st.button("Start a class", key="_class_start", on_click=start, icon=":material/podium:")
    with right.container(border=True):
        st.header("You follow", anchor=False)
        with st.form("_class_join", border=False):
            st.text_input("The code on the teacher's screen", key="_class_code", max_chars=16, placeholder="KXQ7 M4PT")
            st.form_submit_button("Join", on_click=_join)
        if complaint := st.session_state.pop(_COMPLAINT, None):
            st.error(complaint, icon=":material/error:")
    st.caption(words.STORED)


def _join() -> None:
    typed = str(st.session_state.get("_class_code", ""))
    try:
        if (code := codes.read_code(typed)) is None:
            raise UserError("a code has eight letters and digits, as in KXQ7 M4PT; O, I, L, 0 and 1 are in none")
        join(code)
    except UserError as error:
        st.session_state[_COMPLAINT] = str(error)


def _invite(who: Teacher) -> None:
    found = _invitation(who.code)
    picture, words_beside = st.columns([2, 3], gap="large", vertical_alignment="center")
    with picture:
        alt = f"QR code of {found.address}, and the code {codes.spoken(who.code)}"
        st.image(card_svg(found.address, codes.spoken(who.code)), width="stretch", alt=alt)
    with words_beside:
        st.markdown(words.invitation(found.address))
        if found.warning:
            st.warning(found.warning, icon=":material/wifi_off:")
        room = board().room(who.code)
        seen = settings.of_address(room.view) if room else None
        if seen is None:
            st.caption(words.NOTHING_SHOWN)
            st.page_link(
                "pages/lesson.py", label="Give a lesson", icon=":material/school:", query_params={"teach": who.code}
            )
        else:
            page, values = seen
            label = f"Back to what the class sees: {PAGES[page].name}"
            script = f"pages/{page}.py"
            st.page_link(script, label=label, icon=":material/undo:", query_params={**values, "teach": who.code})
        with st.container(horizontal=True):
            st.download_button(
                "Results, CSV", lambda: _csv(who), "class.csv", "text/csv", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip
            _other_device(who, found)
            with st.popover("End", icon=":material/stop_circle:"):
                st.caption(words.BEFORE_END)
                st.button("End the class for all", key="_class_end", on_click=end)
    st.caption(words.rules(limits.HOURS))
    keeper.keep(who.code, who.secret)


def _invitation(code: str) -> Invitation:
    listens = str(st.get_option("server.address") or "")
    return invitation(code, st.context.url or "", listens, own_network_address())


def _other_device(who: Teacher, found: Invitation) -> None:
    menu = st.popover("Another device", icon=":material/devices:", on_change="rerun", key="_class_device")
    if menu.open:
        with menu:
            st.caption(words.DEVICE)
            link = f"{found.address.split('?')[0]}?teach={who.code}.{who.secret}"
            copied_text("Copy the link", link, "_copy_teacher_link")


def _csv(who: Teacher) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("question", "asked", "student", "answer", "computed", "met"))
    for line in board().results(who.code, who.secret):
        met = "" if not line.answer else "yes" if line.question.is_right(line.value, line.answer) else "no"
        asked, given = _cell(line.question.prompt), _cell(line.value)
        writer.writerow((line.number, asked, line.seat, given, _cell(line.answer), met))
    return file.getvalue()


def _cell(text: str) -> str:
    """A text that no spreadsheet reads as a formula."""
    is_number = text.removeprefix("-").replace("/", "").replace(",", "").isdigit()
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_number else text
