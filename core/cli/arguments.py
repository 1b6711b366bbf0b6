"""What commands are given: a design, and positions in its maps."""

import argparse
import re
import sys
from pathlib import Path
from textwrap import fill
from typing import NoReturn

from ..errors import LimitError, UserError
from ..network import PRESETS
from ..network.limits import MAX_TEXT
from ..program import PROGRAM

_DESIGN = f"""\
DESIGN is a network, a preset or a model, or - to read one from standard input. In quotes, to keep the shell away:
  "9; conv k3 x4"                                    1-D input of 9, four 3-wide convolutions
  "32x48; conv k3 same reflect x4; maxpool k2"       k kernel, s stride, d dilation, p padding
  "64x64 c3; add(skip | conv k3 p1 c3 x2); global"   add and concat join branches; c channels
  ResNet-50                                          a preset, in any case
  timm:resnet50, torchvision:vgg16                   a model of the zoo, without its weights
  my.py:build@3x96x96                                own code, which is run: a function without arguments that
  package.module:Net@3x96x96                         returns a torch.nn.Module, a module's class, or a module
  "nn.Sequential(nn.Conv2d(3, 8, 3))@3x96x96"        layers of torch.nn, which are read and not run
  model.onnx, model.onnx@3x640x640                   an ONNX file, which is read and not run; its open sides given
Each may be followed by an input, a stage and remedies: BASE@CxHxW#STAGE+REMEDY+REMEDY. An input is 256, 256x192 or
3x256x192; --input writes it too. A stage is the part of a model that is the output, or of a network how many of its
layers are; --stage writes it too, and --stage list shows all. Unless told otherwise the output is what
forward_features returns (timm), the last map (torchvision, ONNX), else what the model returns. What no rule covers
(places chosen by the input, say) is a gap, and what depends on a gap is refused. The remedies: "remedies --help".
{fill(f"Presets: {', '.join(PRESETS)}.", 110)}
"""


class Parser(argparse.ArgumentParser):
    """Reads a command's arguments; what argparse would print over several lines is raised as one."""

    def __init__(
        self,
        command: str,
        question: str,
        example: str,
        notes: str,
        subject: bool = True,
        several: bool = False,
        documents: bool = True,
    ) -> None:
        """``subject``: whether the command is asked about a DESIGN (``cli.designs.design_argument``).

        ``several``: about any number of them, ``designs``. ``documents``: whether it answers in JSON too.
        """
        explained = f"{notes}\n{_DESIGN}" if subject else notes
        super().__init__(
            prog=f"{PROGRAM} {command}",
            description=question,
            epilog=f"{explained}\nexample:\n  {PROGRAM} {command} {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if subject:
            design = "a network, a preset or a model, as described below"
            if several:
                self.add_argument("designs", metavar="DESIGN", nargs="*", help=design)
            else:
                self.add_argument("design", metavar="DESIGN", help=design)
            self.add_argument("--input", metavar="CxHxW", help="its input, as after @: 256, 256x192 or 3x256x192")
            self.add_argument("--stage", metavar="NAME", help="the part that is the output, as after #; list shows all")
            self.add_argument("--gates", action="store_true", help="read what passes through gates too")
        if documents:
            self.add_argument("--json", action="store_true", help="print JSON")

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message} ({self.prog} --help explains the arguments)")


def position(text: str) -> tuple[int, ...]:
    """A position as users write it: ``3`` along one axis, ``3,4`` for row 3, column 4, ``2,3,4`` for those of plane 2.

    >>> position("3,4")
    (3, 4)
    """
    if not re.fullmatch(r"[0-9]{1,9}(,[0-9]{1,9}){0,2}", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no position; give R,C (row, column), R in a 1-D map, or P,R,C (plane, row, column)"
        )
    return tuple(int(part) for part in text.split(","))


def written(text: str) -> str:
    """What the argument says, or for ``-`` what standard input does."""
    return (_standard_input() if text == "-" else text).strip()


def _standard_input() -> str:
    try:
        text = sys.stdin.read(MAX_TEXT + 1) if sys.stdin else ""
    except UnicodeDecodeError as error:
        raise UserError(f"standard input is no {error.encoding} text; write the network in plain ASCII") from error
    if len(text) > MAX_TEXT:
        raise LimitError(f"standard input has more than {MAX_TEXT} characters; use repeats (x4)")
    return text


def write_text(path: Path, text: str) -> None:
    """Writes a file that the user asked for. Raises :class:`~.errors.UserError` where that fails."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; name another file") from error
