"""What every command is given: a network, and positions in its maps."""

import argparse
import difflib
import re
import sys
from textwrap import fill
from typing import NoReturn

from core.errors import LimitError, UserError
from core.network import PRESETS, Network, parse
from core.network.limits import MAX_TEXT

_NETWORK = f"""\
NETWORK is a text, the name of a preset (in any case), or - to read either from standard input.
A text is the input's size, then layers divided by ";", in quotes to keep the shell away:
  "9; conv k3 x4"                                       1-D input of 9, four 3-wide convolutions
  "32x48; conv k3 same reflect x4; maxpool k2"          k kernel, s stride, d dilation, p padding
  "64x64 c3; add(skip | conv k3 p1 c3 x2); global"      add and concat join branches; c channels
{fill(f"Presets: {', '.join(PRESETS)}.", 110)}
"""


class Parser(argparse.ArgumentParser):
    """Reads a command's arguments; what argparse would print over several lines is raised as one."""

    def __init__(self, command: str, question: str, example: str, notes: str) -> None:
        super().__init__(
            prog=f"python -m core {command}",
            description=question,
            epilog=f"{notes}\n{_NETWORK}\nexample:\n  python -m core {command} {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.add_argument("network", metavar="NETWORK", help="the network, as described below")

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message} ({self.prog} --help explains the arguments)")


def position(text: str) -> tuple[int, ...]:
    """A position as users write it: ``3`` along one axis, ``3,4`` for row 3, column 4.

    >>> position("3,4")
    (3, 4)
    """
    if not re.fullmatch(r"[0-9]{1,9}(,[0-9]{1,9})?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no position; give R,C (row, column), or R in a 1-D map")
    return tuple(int(part) for part in text.split(","))


def network(text: str) -> Network:
    """The network of a text, a preset's name, or ``-`` for standard input."""
    text = (_standard_input() if text == "-" else text).strip()
    presets = {name.casefold(): name for name in PRESETS}
    if (name := presets.get(text.casefold())) is not None:
        return PRESETS[name]
    if text[:1].isalpha() and (near := difflib.get_close_matches(text.casefold(), presets, 1)):
        raise UserError(f"there is no preset {text!r}; did you mean {presets[near[0]]!r}?")
    return parse(text)


def _standard_input() -> str:
    try:
        text = sys.stdin.read(MAX_TEXT + 1) if sys.stdin else ""
    except UnicodeDecodeError as error:
        raise UserError(f"standard input is no {error.encoding} text; write the network in plain ASCII") from error
    if len(text) > MAX_TEXT:
        raise LimitError(f"standard input has more than {MAX_TEXT} characters; use repeats (x4)")
    return text
