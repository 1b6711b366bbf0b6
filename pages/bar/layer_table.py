"""The layers of a network as a table that can be edited; each row is a layer's text, taken apart."""

import re
from hashlib import blake2b
from itertools import groupby

import streamlit as st

from core.errors import UserError
from core.network import Network, parse
from core.network.kinds import KINDS
from core.network.layers import Join
from core.network.window import BORDERS
from pages.frame import settings

Row = dict[str, str | int | None]

_PREFIXES = {"kernel": "k", "stride": "s", "dilation": "d", "padding": "p", "channels": "c", "groups": "g"}
_COLUMNS = ("layer", "times", "kernel", "stride", "padding", "border", "dilation", "channels", "groups", "more")


def editor(network: Network | None) -> None:
    """The folded table; what is changed in it becomes the network, or is told to be impossible."""
    if complaint := st.session_state.pop("_table_complaint", None):
        st.error(complaint, icon=":material/error:")
    fold = st.expander("Layer table", on_change="rerun", key="_table_open")
    if not fold.open or network is None:
        return
    key = "_table_" + blake2b(str(network).encode(), digest_size=8).hexdigest()
    with fold:
        st.caption("Rows can be added, changed and removed. Branches of add and concat stand under more.")
        st.data_editor(
            rows(network),
            key=key,
            num_rows="dynamic",
            on_change=_apply,
            args=(str(network), key),
            hide_index=True,
            column_order=_COLUMNS,
            column_config={
                "layer": st.column_config.SelectboxColumn(options=[*KINDS, "add", "concat"], required=True),
                "times": st.column_config.NumberColumn(min_value=1, default=1),
                "kernel": st.column_config.TextColumn(help="3, or 3x5", default="3"),
                "stride": st.column_config.TextColumn(help="empty: 1; of a pool, its kernel"),
                "padding": st.column_config.TextColumn(help="1, 1:2, same or full"),
                "border": st.column_config.SelectboxColumn(options=list(BORDERS)),
                "more": st.column_config.TextColumn(
                    help="branches a | b; r8 seed0 of random; bilinear; causal w8 of attn"
                ),
            },
            alt="The network's layers, one row for each run of equal layers",
        )


def rows(network: Network) -> list[Row]:
    """One row for each run of equal layers."""
    return [_row(item, len(list(run))) for item, run in groupby(network.layers)]


def text(size: str, table: list[Row]) -> str:
    """The network's text, from its input and its rows."""
    return "; ".join([size, *(_words(row) for row in table)])


def _row(item: object, times: int) -> Row:
    row: Row = dict.fromkeys(_COLUMNS, None)
    row["times"] = times
    if isinstance(item, Join):
        row["layer"], row["more"] = item.op.name, str(item)[len(item.op.name) + 1 : -1]
        return row
    row["layer"], *words = str(item).split()
    more = []
    for word in words:
        column = next((name for name, letter in _PREFIXES.items() if re.fullmatch(letter + r"\d[\dx:]*", word)), None)
        if column:
            row[column] = word[1:]
        elif word in ("same", "full"):
            row["padding"] = word
        elif word in BORDERS:
            row["border"] = word
        else:
            more.append(word)
    row["more"] = " ".join(more) or None
    return row


def _words(row: Row) -> str:
    """A row as text; what makes no sense is left for the parser to name."""
    times = f" x{row['times']}" if row.get("times") not in (None, 1) else ""
    if row.get("layer") in ("add", "concat"):
        return f"{row['layer']}({row.get('more') or ''}){times}"
    words = [str(row.get("layer") or "")]
    for column, letter in _PREFIXES.items():
        if (value := row.get(column)) not in (None, ""):
            words.append(str(value) if str(value).isalpha() else f"{letter}{value}")
    words += [str(row[column]) for column in ("border", "more") if row.get(column)]
    return " ".join(words) + times


def _apply(net: str, key: str) -> None:
    """Carries the edits of the table over to the network; a callback."""
    edits = st.session_state[key]
    network = parse(net)
    table = rows(network)
    for index, values in edits["edited_rows"].items():
        table[int(index)] = {**table[int(index)], **values}
    kept = [row for index, row in enumerate(table) if index not in edits["deleted_rows"]]
    added = [row for row in edits["added_rows"] if row.get("layer")]
    typed = text(net.split(";")[0], kept + added)
    try:
        settings.put_design(str(parse(typed)))
    except UserError as error:
        st.session_state["_table_complaint"] = f"the table gives {typed!r}: {error}"
