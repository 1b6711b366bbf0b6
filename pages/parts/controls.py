"""Controls bound to settings, and positions read from text. A key that begins with ``_`` is a view of a setting.

Who follows a class sees its values and no control.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.design.analysis import DesignAnalysis, Unit
from core.errors import UserError
from core.formatting import format_count, grouped_digits
from core.network.axes import axis_names, place_names
from pages.frame import settings
from pages.parts import picks
from pages.parts.tables import arrow_table

Size = tuple[int, ...]


def choice(name: str, label: str, among: Sequence[str] | None = None, **looks: Any) -> str:
    """A choice among the legal values of a setting, or ``among`` some; bound to the URL, which carries what it is.

    ``looks``: how Streamlit draws it.
    """
    if settings.follows():
        return str(settings.value(name))
    known = settings.setting(name)
    usual = str(known.default)
    options = known.choices if among is None else among
    chosen = st.segmented_control(label, options, default=usual, required=True, key=name, bind="query-params", **looks)
    return chosen or usual  # an empty value in the URL chooses nothing


def choose(name: str, label: str, **options: Any) -> str:
    """As ``choice``, for more values than fit a row."""
    if settings.follows():
        return str(settings.value(name))
    known = settings.setting(name)
    index = known.choices.index(str(known.default))
    # No format_func: Streamlit's link would hold its words, and a link made by anybody else would choose nothing.
    chosen = st.selectbox(label, known.choices, index=index, key=name, bind="query-params", **options)
    return chosen or str(known.default)


def switch(name: str, label: str, **options: Any) -> bool:
    """A setting that is on or off, bound to the URL."""
    if settings.follows():
        return bool(settings.value(name))
    usual = bool(settings.setting(name).default)
    return st.toggle(label, value=usual, key=name, bind="query-params", **options)


def number(name: str, label: str, slides: bool = False, **options: Any) -> int:
    """A whole number within the legal values of a setting, bound to the URL; ``slides``: on a slider."""
    if settings.follows():
        return int(settings.value(name))
    known = settings.setting(name)
    usual, span = int(known.default), known.span
    # Streamlit would read any number here, also inf, and fail; what is no legal one has been told as rejected.
    text = st.query_params.get(name, "")
    bound: Literal["query-params"] | None = None if text and known.complaint(text) else "query-params"
    widget: Callable[..., int | None] = st.slider if slides else st.number_input
    typed = widget(label, span.start, span.stop - 1, value=usual, key=name, bind=bound, **options)
    if bound is None:
        del st.query_params[name]
    return usual if typed is None else typed


def text(name: str, label: str, **options: Any) -> str:
    """A free text, bound to the URL; whoever reads it checks it."""
    if settings.follows():
        return str(settings.value(name)).strip()
    known = settings.setting(name)
    typed = st.text_input(
        label, value=str(known.default), max_chars=known.longest, key=name, bind="query-params", **options
    )
    return (typed or "").strip()


def position(typed: str, size: Size, what: str) -> Unit:
    """A position read from text such as ``3,4``; None for no or all; a user error if it is none of this map's."""
    if typed in ("", "all"):
        return None
    parts = [part.strip() for part in typed.split(",")]
    inside = len(parts) == len(size) and all(part.isascii() and part.isdigit() for part in parts)
    if not inside or not all(int(part) < side for part, side in zip(parts, size, strict=True)):
        wanted = ",".join(place_names(len(size)))
        last = ",".join(str(side - 1) for side in size)
        raise UserError(f"there is no {what} {typed!r}; give {wanted} from {','.join('0' * len(size))} to {last}")
    return tuple(int(part) for part in parts)


def output_unit(analysis: DesignAnalysis, usual: Literal["centre", "all"]) -> Unit:
    """The output unit that the visitor names, None for all; where nothing is typed, what the page begins with.

    The centre one is the unit that the analysis looks at.
    """
    words = "centre, all, or one output unit: 7 or 7,7"
    typed = text("unit", "Output unit", width=120, placeholder=usual, help=words) or usual
    return analysis.unit if typed == "centre" else position(typed, analysis.graph.output.size, "output unit")


def input_pixel(size: Size) -> Unit:
    """The input pixel that is picked, the first of two, with a button that lets go of it."""
    typed = text("pixel", "Pixel", width=130, help="row,column, or click the map")
    clear("pixel", typed)
    return position(first_pixel(typed), size, "pixel")


def first_pixel(typed: str) -> str:
    """The first of two picked pixels, as typed."""
    return typed.partition(";")[0].strip()


def input_pixels(size: Size) -> tuple[tuple[int, ...], ...]:
    """The input pixels that are picked, two at most, with a button that lets go of them."""
    words = "row,column, or click the map; a second after a semicolon: 0,0;7,7"
    words = {1: "a position; a second: 0;7", 3: "plane,row,column, or click a cut; a second: 0,0,0;4,7,7"}.get(
        len(size), words
    )
    typed = text("pixel", "Pixel", width=130, help=words)
    clear("pixel", typed)
    return pixels_of(typed, size)


def pixels_of(typed: str, size: Size) -> tuple[tuple[int, ...], ...]:
    """Two pixels at most, read from text such as ``0,0;7,7``; a user error if these are none, or more."""
    parts = [part.strip() for part in typed.split(";")]
    if len(parts) > 2:
        raise UserError(f"{typed!r} names {len(parts)} pixels; two are compared at most, as in 0,0;7,7")
    found = [position(part, size, "pixel") for part in parts]
    return tuple(pixel for pixel in found if pixel is not None)


def clear(name: str, typed: str) -> None:
    """A button that lets go of what was picked."""
    if not settings.follows():
        st.button("Clear", on_click=picks.clear, args=(name,), disabled=not typed)


def tower_cells() -> tuple[tuple[int, int], ...]:
    """The units of the tower that are picked, two at most, as row and position, with a button that lets go of them."""
    typed = text("cell", "Unit", width=130, help="row:position, or click a cell; a second after a comma: 0:0,0:7")
    clear("cell", typed)
    cells = []
    for part in typed.split(",") if typed else ():
        ends = [end.strip() for end in part.split(":")]
        if len(ends) != 2 or not all(end.isascii() and end.isdigit() for end in ends):
            raise UserError(f"there is no unit {part!r}; give row:position, the input being row 0, as in 0:7")
        cells.append((int(ends[0]), int(ends[1])))
    if len(cells) > 2:
        raise UserError(f"{typed!r} names {len(cells)} units; two are compared at most, as in 0:0,0:7")
    return tuple(cells)


def drawn_axis(axes: int) -> int:
    """The axis along which something is drawn: 0 of a 1-D design, else the one that is chosen."""
    if axes == 1:
        return 0
    known, names = settings.setting("axis"), axis_names(axes)
    if settings.value("axis") not in names and not settings.follows():  # that of a design with more
        settings.put({"axis": known.default})
    chosen = choice("axis", "Along the", [name for name in known.choices if name in names])
    return names.index(chosen if chosen in names else str(known.default))


def plane(picked: Sequence[tuple[int, ...]], size: Size) -> None:
    """A slider through the planes of a volume, which moves the first of the ``picked`` pixels, else the centre."""
    if settings.follows() or size[0] < 2:
        return
    first, *rest = picked or [tuple(side // 2 for side in size)]

    def move() -> None:
        moved = (st.session_state["_plane"], *first[1:])
        st.session_state["pixel"] = ";".join(",".join(map(str, pixel)) for pixel in (moved, *rest))

    st.session_state["_plane"] = first[0]
    st.slider("Plane", 0, size[0] - 1, key="_plane", on_change=move, width=260)


def digits(where: DeltaGenerator, count: int) -> None:
    """All digits of a count that is told rounded, one click away."""
    if format_count(count).startswith("about") and not settings.follows():
        menu = where.popover("All digits", on_change="rerun", key="_digits")
        if menu.open:
            menu.code(grouped_digits(count), language=None, wrap_lines=True)


def folded_table(title: str, key: str, rows: Callable[[], Sequence[dict[str, Any]]]) -> None:
    """A table behind a fold, made only when it is opened."""
    if settings.follows():
        return
    fold = st.expander(title, on_change="rerun", key=key)
    if fold.open:
        fold.dataframe(arrow_table(rows()), hide_index=True, alt=title)
