"""One text for any design: ``parse(format(text)) == text``, and the address, caches and commands carry it.

A design is what it is made from, each optionally followed by an input, a stage and remedies, in this order::

    BASE@CxHxW#STAGE+REMEDY+REMEDY

============================  =====================================================================
BASE                          is
============================  =====================================================================
``32x32; conv k3 p1 x4``      a typed network (:mod:`.network.text`); ``@`` gives it another input
``ResNet-50``                 a preset, in any case
``timm:resnet50``             a model of timm; ``torchvision:NAME`` likewise
``nn.Sequential(...)``        layers of ``torch.nn``, which are read and not run
``model.onnx``                an ONNX file, which is read and not run
``my.py:build``               own code, which is run (command line and Python only); ``package.module:Net``
============================  =====================================================================

``#STAGE`` is a module's path, or for a typed network the number of its first layers that are looked at. A remedy is
written as its name, and its numbers after it where it takes any.
"""

import ast
import difflib
import re
from dataclasses import dataclass, replace
from typing import Literal

from ..errors import LimitError, TextError, UserError
from ..network.axes import WRITTEN
from ..network.limits import MAX_TEXT
from ..network.network import Network
from ..network.presets import PRESETS
from ..network.text import parse as parse_network
from ..program import PROGRAM
from ..remedies import chosen

Kind = Literal["typed", "preset", "zoo", "pasted", "onnx", "own"]

_TYPED = re.compile(r"\s*\d+(x\d+)*(\s|;|@|#|\+|$)", re.IGNORECASE)
_ZOO = re.compile(r"(timm|torchvision):[\w./-]*", re.IGNORECASE)
_ONNX = re.compile(r"[^\n;()]*?\.onnx(?=\s*(?:[@#+]|$))", re.IGNORECASE)
_OWN = re.compile(r"(?:[^\n]*?\.py|[A-Za-z_][\w.]*):[A-Za-z_]\w*")
_PASTED = re.compile(r"(?:[A-Za-z_]\w*\s*=\s*|import\b|from\b)?.*?\bSequential\s*\(", re.DOTALL)
_SUFFIXES = re.compile(r"\s*(?:@(?P<input>[^#+@]*))?(?:#(?P<stage>[^+@#]*))?(?P<remedies>(?:\+[^+@#]*)*)\s*")
_CODE = re.compile(r"^\s*(?:class|def)\s+(\w+)", re.MULTILINE)
_SIZE = re.compile(r"[0-9]{1,7}(x[0-9]{1,7}){0,3}")
_STAGE = re.compile(r"[\w.-]{1,160}")
_PRESET_NAMES = {name.casefold(): name for name in PRESETS}


@dataclass(frozen=True, slots=True)
class DesignText:
    """What a text says; ``str`` is its canonical form.

    ``input``: as written, 1 to 4 numbers; what they mean follows from the design that is opened.
    """

    kind: Kind
    base: str
    input: tuple[int, ...] = ()
    stage: str = ""
    remedies: tuple[str, ...] = ()

    def __str__(self) -> str:
        size = f"@{'x'.join(map(str, self.input))}" if self.input else ""
        stage = f"#{self.stage}" if self.stage else ""
        return f"{self.base}{size}{stage}{''.join(f'+{remedy}' for remedy in self.remedies)}"

    def with_options(self, size: str | None, stage: str | None) -> "DesignText":
        """The same design on another input, and up to another stage: each as written, None where it stays.

        >>> str(parse("ResNet-18@64+kernel-padding").with_options("96x64", "3"))
        'ResNet-18@96x64#3+kernel-padding'
        """
        given = self.input if size is None else _size(size)
        return parse(str(replace(self, input=given, stage=self.stage if stage is None else _stage(stage))))

    @property
    def network(self) -> Network | None:
        """The typed network that the base is; None for a model."""
        if self.kind == "preset":
            return PRESETS[self.base]
        return parse_network(self.base) if self.kind == "typed" else None


def parse(text: str) -> DesignText:
    """What a text says, in its canonical form; nothing is loaded.

    Raises :class:`~.errors.UserError`, its message naming what cannot be read.

    >>> str(parse("resnet-18 @ 96x96 # 3 + Kernel-padding"))
    'ResNet-18@96#3+kernel-padding'
    >>> str(parse("9x9;conv k3 x1@64"))
    '64x64; conv k3'
    >>> parse("timm:resnet50@256#layer3").input
    (256,)
    """
    if len(text) > MAX_TEXT:
        raise LimitError(f"the text has {len(text)} characters, more than {MAX_TEXT}; write a smaller design")
    kind, base, rest = _divided(text.strip())
    suffixes = _SUFFIXES.fullmatch(rest)
    if suffixes is None:
        raise TextError(
            f"{rest.strip()[:40]!r} after {base[:40]!r} cannot be read; a design is followed by @input, #stage "
            "and +remedy, in this order"
        )
    size = _size(suffixes["input"])
    stage = "" if suffixes["stage"] is None else _stage(suffixes["stage"])
    remedies = tuple(_remedy(part) for part in suffixes["remedies"].split("+")[1:])
    result = DesignText(kind, base, size, stage, remedies)
    network = result.network
    if network is None:
        return result
    if stage and not (stage.isdecimal() and 1 <= int(stage) <= len(network.layers)):
        raise TextError(f"#{stage} is no stage of {base[:40]!r}; give how many of its {len(network.layers)} layers")
    if kind == "typed":
        network = at_input(network, size) if size else network
        result = replace(result, base=str(network), input=())
    elif size:
        result = replace(result, input=_written(at_input(network, size), network))
    return result


def at_input(network: Network, size: tuple[int, ...]) -> Network:
    """A typed network on another input: one side for all axes, a side for each, or channels before them.

    The network has its number of axes, so that a list of three is CxHxW for two of them, and DxHxW for three.

    >>> str(at_input(parse_network("9x9 c3; conv k3"), (4, 32, 48)))
    '32x48 c4; conv k3'
    """
    axes = len(network.size)
    if len(size) == axes + 1:
        return replace(network, size=size[1:], channels=size[0])
    if len(size) in (1, axes):
        return replace(network, size=size * axes if len(size) == 1 else size)
    given = "x".join(map(str, size))
    raise UserError(f"an input of {given} does not fit a network of {axes} axes; give {WRITTEN[axes]}")


def kind_of(text: str) -> Kind:
    """What a text's base is.

    >>> [kind_of(text) for text in ("9; conv k3 p1:2", "VGG-16", "timm:resnet50", "my.py:build", "nn.Sequential()")]
    ['typed', 'preset', 'zoo', 'own', 'pasted']
    >>> kind_of("exported/unet.onnx@3x512x512")
    'onnx'
    """
    return _divided(text.strip())[0]


def _divided(text: str) -> tuple[Kind, str, str]:
    """The kind, the base in its canonical form, and what follows it."""
    if not text:
        raise TextError("a design is missing; type a network, as in 32x32; conv k3 p1 x4, or name a model")
    if prefix := _ONNX.match(text):
        return "onnx", prefix.group(), text[prefix.end() :]
    if _TYPED.match(text):
        end = min((start for mark in "@#+" if (start := text.find(mark)) >= 0), default=len(text))
        return "typed", str(parse_network(text[:end])), text[end:]
    if code := _CODE.search(text):
        name = code.group(1)
        raise TextError(
            f"{name} is code, which is run from a file only; save it as my.py and ask "
            f"{PROGRAM} check my.py:{name}@3x96x96 (or paths, field, erf, remedies)"
        )
    folded = text.casefold()
    for name in sorted(_PRESET_NAMES, key=len, reverse=True):
        if folded.startswith(name) and re.fullmatch(r"\s*([@#+].*)?", text[len(name) :], re.DOTALL):
            return "preset", _PRESET_NAMES[name], text[len(name) :]
    if prefix := _ZOO.match(text):
        library, _, name = prefix.group().partition(":")
        return "zoo", f"{library.lower()}:{name}", text[prefix.end() :]
    if prefix := _PASTED.match(text):
        end = _closing(text, prefix.end())
        return "pasted", _one_line(text[:end]), text[end:]
    if prefix := _OWN.match(text):
        return "own", prefix.group(), text[prefix.end() :]
    raise _unknown(text)


def _unknown(text: str) -> UserError:
    if text.endswith(".py"):
        return UserError(f"{text} is a file; name what makes the model in it, as in {text}:build")
    base = re.split(r"[@#+]", text)[0].strip()
    if near := difflib.get_close_matches(base.casefold(), _PRESET_NAMES, 1):
        return UserError(f"there is no preset {base!r}; did you mean {_PRESET_NAMES[near[0]]!r}? (models: timm:NAME)")
    try:
        parse_network(text)
    except UserError as error:
        hint = "" if not text[:1].isalpha() else "; models are written timm:NAME, torchvision:NAME or file.py:NAME"
        return type(error)(f"{error}{hint}")
    raise AssertionError(text)


def _closing(text: str, index: int) -> int:
    """Where the bracket that was opened before ``at`` is closed, quotes and comments left out; or the end."""
    depth, quote = 1, ""
    while index < len(text):
        letter = text[index]
        if quote:
            index += letter == "\\"
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "#":
            index = text.find("\n", index) if "\n" in text[index:] else len(text)
        else:
            depth += (letter in "([{") - (letter in ")]}")
            if not depth:
                return index + 1
        index += 1
    return len(text)


def _one_line(text: str) -> str:
    """A pasted expression as Python itself writes it; as it is where it is none, which whoever reads it will tell."""
    try:
        last = ast.parse(text.strip()).body[-1]
        return ast.unparse(last.value) if isinstance(last, (ast.Expr, ast.Assign)) else text.strip()
    except (SyntaxError, ValueError, RecursionError, MemoryError, IndexError):
        return text.strip()


def _size(text: str | None) -> tuple[int, ...]:
    if text is None:
        return ()
    text = text.strip().lower()
    if not _SIZE.fullmatch(text):
        raise TextError(
            f"{text[:40]!r} is no input size; give a side, or sides, or channels before them: "
            "256, 3x256x192 or 3x16x112x112"
        )
    return tuple(map(int, text.split("x")))


def _stage(text: str) -> str:
    stage = text.strip()
    if not _STAGE.fullmatch(stage):
        raise TextError(f"{stage[:40]!r} is no stage; give a module's path, or a number of layers, as in #layer3 or #4")
    return stage


def _remedy(text: str) -> str:
    """A remedy in its canonical form: numbers that are the usual ones are left out."""
    remedy, numbers = chosen(" ".join(text.lower().split()))
    own = {name: number for name, number in numbers.items() if number != remedy.options[name]}
    return " ".join([remedy.name, *(f"{name}{number}" for name, number in own.items())])


def _written(network: Network, preset: Network) -> tuple[int, ...]:
    """The shortest way to write a preset's other input."""
    sides = network.size[:1] if len(set(network.size)) == 1 else network.size
    if network.channels != preset.channels:
        return (network.channels or 1, *network.size)
    return () if network.size == preset.size else sides
