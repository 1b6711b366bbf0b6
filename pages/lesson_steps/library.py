"""Which lessons there are, and how one travels: by a shipped one's name, compressed in an address, or as a file."""

import base64
import binascii
import zlib
from pathlib import Path

import streamlit as st

from core.errors import UserError
from core.lessons import Lesson, LessonError, Step, complaint, load, parse, parse_view
from core.lessons.document import MAX_CHARACTERS
from pages.frame.registry import FOLDER, PAGES
from pages.frame.settings import table
from pages.lesson_steps import LONGEST_LINK
from pages.work import cache

MARK = "~"  # begins a lesson that is compressed
FILE = "file"  # stands in the address for one that this visitor opened from a file
TITLE = "Lesson"
_UPLOADED = "_lesson_file"
_LESSONS, _STEPS = 64, 256  # kept


@st.cache_resource(show_spinner=False)
def course_texts() -> dict[str, str]:
    """The text of every lesson that is here, by its name, in the order of the course."""
    files = sorted((Path(FOLDER).parent / "assets" / "lessons").glob("*.md"))
    return {file.stem.partition("_")[2]: file.read_text(encoding="utf-8") for file in files}


def checked_lesson(text: str) -> Lesson:
    """The lesson of a file. Raises :class:`~core.errors.UserError` unless all that it says is so, and can be drawn."""
    found = _lesson_or_complaint(text)
    if isinstance(found, str):
        raise LessonError(found)
    return found


@st.cache_resource(max_entries=_LESSONS, show_spinner="Checking the lesson")
def _lesson_or_complaint(text: str) -> Lesson | str:
    """The lesson, or why there is none: either is worked out once."""
    try:
        lesson = load(text, cache.analysis)
        for place, step in enumerate(lesson.steps, start=1):
            _refuse_unless_shown(step, f"step {place} ({step.title}): ")
    except UserError as error:
        return str(error)
    return lesson


@st.cache_resource(max_entries=_STEPS, show_spinner=False)
def complaint_of(text: str) -> str:
    """What is wrong with a step, from its part of a file; nothing where all of it is so, and can be drawn."""
    (step,) = parse(f"# {TITLE}\n\n{text}\n").steps
    try:
        _refuse_unless_shown(step, "")
    except UserError as error:
        return str(error)
    return complaint(step, cache.analysis)


@st.cache_resource(show_spinner=False)
def course() -> dict[str, Lesson]:
    """Every lesson that is here, by its name, as it is written: whether it is so is asked when it is opened."""
    return {name: parse(text) for name, text in course_texts().items()}


def lesson_of(name: str) -> Lesson:
    """The lesson that an address names. Raises :class:`~core.errors.UserError` where there is none such."""
    return checked_lesson(text_of(name))


def text_of(name: str) -> str:
    """The file of the lesson that an address names."""
    if name.startswith(MARK):
        return text_of_link(name)
    if name == FILE:
        if (text := st.session_state.get(_UPLOADED)) is None:
            raise LessonError("this lesson was opened from a file, which stays with whoever opened it; open it again")
        return str(text)
    if name not in course_texts():
        raise LessonError(f"there is no lesson {name[:40]!r}; there are {', '.join(course_texts())}")
    return course_texts()[name]


def title(name: str) -> str:
    """What a lesson of the course is called."""
    return course()[name].title


def after(name: str) -> str | None:
    """The lesson of the course that follows another; None after the last, and after one that is not of the course."""
    names = list(course_texts())
    following = names[names.index(name) + 1 :] if name in names else []
    return following[0] if following else None


def link_name(text: str) -> str:
    """A lesson for an address; empty where it would be longer than an address may be."""
    packed_text = MARK + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    return packed_text if len(packed_text) <= LONGEST_LINK else ""


def text_of_link(name: str) -> str:
    """The file of a lesson that travelled in an address."""
    try:
        data = base64.urlsafe_b64decode(name[1:] + "=" * (-len(name[1:]) % 4))
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(data, 4 * MAX_CHARACTERS)
        if not unpacker.eof:
            raise LessonError("the lesson in this address was cut off, or is too long; ask for its file")
        return text.decode()
    except (binascii.Error, zlib.error, ValueError) as error:
        if isinstance(error, UserError):
            raise
        raise LessonError("the lesson in this address cannot be read; copy the whole address again") from error


def keep_file(text: str) -> str:
    """Keeps a lesson that a visitor opened, and gives what names it in the address."""
    if name := link_name(text):
        return name
    st.session_state[_UPLOADED] = text
    return FILE


def _refuse_unless_shown(step: Step, where: str) -> None:
    """Raises for a step with a view that no page shows."""
    for view in (parse_view(address) for address in (step.view, step.then) if address):
        if view.page not in PAGES or not PAGES[view.page].has_design:
            known = ", ".join(key for key, page in PAGES.items() if page.has_design)
            raise LessonError(f"{where}there is no page {view.page!r} to view; there are {known}")
        for name, value in view.settings:
            if (setting := table(view.page).get(name)) is None:
                raise LessonError(f"{where}the page {view.page} has no setting {name!r}")
            if words := setting.complaint(value):
                raise LessonError(f"{where}{name}={value[:40]} cannot be shown: {words}")
