"""What every command is given: a network or a model, and positions in its maps."""

import argparse
import difflib
import re
import sys
from textwrap import fill
from typing import NoReturn

from ..errors import LimitError, UserError
from ..network import PRESETS, Network, parse
from ..network.limits import MAX_TEXT
from ..program import PROGRAM

_NETWORK = f"""\
NETWORK is a text, the name of a preset (in any case), or - to read either from standard input.
A text is the input's size, then layers divided by ";", in quotes to keep the shell away:
  "9; conv k3 x4"                                       1-D input of 9, four 3-wide convolutions
  "32x48; conv k3 same reflect x4; maxpool k2"          k kernel, s stride, d dilation, p padding
  "64x64 c3; add(skip | conv k3 p1 c3 x2); global"      add and concat join branches; c channels
{fill(f"Presets: {', '.join(PRESETS)}.", 110)}
"""
_MODEL = """\
In place of a NETWORK, a PyTorch model:
  timm:resnet50, torchvision:vgg16                      a model of the zoo, without its weights
  my.py:build --input 3x96x96                           own code, which is run: a function without arguments that
  package.module:Net --input 3x96x96                    returns a torch.nn.Module, a module's class, or a module
  "nn.Sequential(nn.Conv2d(3, 8, 3))" --input 3x96x96   layers of torch.nn, which are read and not run
The output is what forward_features returns (timm), the last map (torchvision), else what the model returns; --stage
chooses another part of it. What no rule covers (attention, say) is a gap, and what depends on a gap is refused.
"""


class Parser(argparse.ArgumentParser):
    """Reads a command's arguments; what argparse would print over several lines is raised as one."""

    def __init__(self, command: str, question: str, example: str, notes: str, subject: bool = True) -> None:
        """``subject``: whether the command is asked about a network or model, as ``core.cli.designs.asked`` reads."""
        explained = f"{notes}\n{_NETWORK}\n{_MODEL}" if subject else notes
        super().__init__(
            prog=f"{PROGRAM} {command}",
            description=question,
            epilog=f"{explained}\nexample:\n  {PROGRAM} {command} {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if subject:
            self.add_argument("network", metavar="NETWORK", help="the network or model, as described below")
            self.add_argument("--input", metavar="CxHxW", help="a model's input: channels, height, width (1-D: CxL)")
            self.add_argument("--stage", metavar="NAME", help="the part of a model that is the output; list shows all")
        self.add_argument("--json", action="store_true", help="print JSON")

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message} ({self.prog} --help explains the arguments)")

    def add_subject(self) -> None:
        """The arguments that ``core.cli.designs.asked`` reads; every command that has them has ``--json`` too."""
        head, _, example = (self.epilog or "").rpartition("\nexample:\n")
        self.epilog = f"{head}\n{_NETWORK}\n{_MODEL}\nexample:\n{example}"
        self.add_argument("network", metavar="NETWORK", help="the network or model, as described below")
        self.add_argument("--input", metavar="CxHxW", help="a model's input: channels, height, width (1-D: CxL)")
        self.add_argument("--stage", metavar="NAME", help="the part of a model that is the output; list shows all")
        self.add_argument("--json", action="store_true", help="print JSON")


def position(text: str) -> tuple[int, ...]:
    """A position as users write it: ``3`` along one axis, ``3,4`` for row 3, column 4.

    >>> position("3,4")
    (3, 4)
    """
    if not re.fullmatch(r"[0-9]{1,9}(,[0-9]{1,9})?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no position; give R,C (row, column), or R in a 1-D map")
    return tuple(int(part) for part in text.split(","))


def written(text: str) -> str:
    """What the argument says, or for ``-`` what standard input does."""
    return (_standard_input() if text == "-" else text).strip()


def network(text: str) -> Network:
    """The network of a text or a preset's name."""
    presets = {name.casefold(): name for name in PRESETS}
    if (name := presets.get(text.casefold())) is not None:
        return PRESETS[name]
    if text.endswith(".py"):
        raise UserError(f"{text} is a file; name what makes the model in it, as in {text}:build")
    if text[:1].isalpha() and (near := difflib.get_close_matches(text.casefold(), presets, 1)):
        raise UserError(f"there is no preset {text!r}; did you mean {presets[near[0]]!r}? (models: timm:NAME)")
    try:
        return parse(text)
    except UserError as error:
        if not text[:1].isalpha():
            raise
        raise type(error)(f"{error}; models are written timm:NAME, torchvision:NAME or file.py:NAME") from error


def _standard_input() -> str:
    try:
        text = sys.stdin.read(MAX_TEXT + 1) if sys.stdin else ""
    except UnicodeDecodeError as error:
        raise UserError(f"standard input is no {error.encoding} text; write the network in plain ASCII") from error
    if len(text) > MAX_TEXT:
        raise LimitError(f"standard input has more than {MAX_TEXT} characters; use repeats (x4)")
    return text
