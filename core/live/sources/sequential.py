"""A pasted ``nn.Sequential(...)``: read as a syntax tree against a list of modules, never evaluated."""

import ast
import difflib
import operator
from collections.abc import Callable
from typing import Any

from torch import nn

from ...errors import LimitError, TextError
from ...program import PROGRAM
from .copies import Copies
from .model import Model

MAX_TEXT = 20_000  # characters
MAX_MODULES = 2_000
MAX_NUMBER = 10_000_000  # of any argument
MAX_NESTING = 24  # modules inside modules

_CONTAINERS = ("Sequential",)
_MODULES = (
    *("Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d", "Linear", "Flatten", "Unflatten", "Identity"),
    *("MaxPool1d", "MaxPool2d", "AvgPool1d", "AvgPool2d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d"),
    *("AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "BatchNorm1d", "BatchNorm2d", "LayerNorm", "GroupNorm"),
    *("InstanceNorm1d", "InstanceNorm2d", "LocalResponseNorm", "ReLU", "ReLU6", "LeakyReLU", "PReLU", "ELU", "SELU"),
    *("CELU", "GELU", "SiLU", "Mish", "Sigmoid", "Tanh", "Softplus", "Softmax", "LogSoftmax", "Hardswish"),
    *("Hardsigmoid", "Hardtanh", "GLU", "Dropout", "Dropout1d", "Dropout2d", "ZeroPad1d", "ZeroPad2d"),
    *("ConstantPad1d", "ConstantPad2d", "ReflectionPad1d", "ReflectionPad2d", "ReplicationPad1d"),
    *("ReplicationPad2d", "CircularPad1d", "CircularPad2d", "Upsample", "UpsamplingNearest2d"),
    *("UpsamplingBilinear2d", "PixelShuffle", "PixelUnshuffle", "ChannelShuffle", "Softmax2d"),
    *("Conv3d", "ConvTranspose3d", "MaxPool3d", "AvgPool3d", "AdaptiveAvgPool3d", "AdaptiveMaxPool3d", "BatchNorm3d"),
    *("InstanceNorm3d", "Dropout3d", "ZeroPad3d", "ConstantPad3d", "ReflectionPad3d", "ReplicationPad3d"),
    "CircularPad3d",
)
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Mult: operator.mul,
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.FloorDiv: operator.floordiv,
}
_KNOWN = (*_CONTAINERS, *_MODULES)


def sequential(text: str, size: tuple[int, ...]) -> Model:
    """The model of a pasted text, on an input of ``size``.

    Raises :class:`~.errors.TextError` naming the first thing that is not a listed module with plain arguments.
    """
    if len(text) > MAX_TEXT:
        raise LimitError(f"the pasted text has {len(text)} characters, more than {MAX_TEXT}; paste a smaller network")
    build = _built(_tree(text))
    return Model("nn.Sequential", size, Copies(build)).given(size)


def _tree(text: str) -> ast.expr:
    """The one expression of a text; an assignment to a name (``model = nn.Sequential(...)``) is one too."""
    try:
        body = ast.parse(text.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        why = error.msg if isinstance(error, SyntaxError) else "it is nested too deeply"
        raise TextError(f"the pasted text is no Python expression{place}: {why}") from error
    statements = [statement for statement in body if not isinstance(statement, (ast.Import, ast.ImportFrom))]
    if named := [statement.name for statement in statements if isinstance(statement, (ast.ClassDef, ast.FunctionDef))]:
        raise TextError(
            f"{named[-1]} is code, which is run from a file only; save it as my.py and ask "
            f"{PROGRAM} check my.py:{named[-1]}@3x96x96 (or paths, field, erf, remedies)"
        )
    if len(statements) != 1 or not isinstance(statements[0], (ast.Expr, ast.Assign)) or statements[0].value is None:
        raise TextError("paste one nn.Sequential(...), and nothing beside it but imports, which are not carried out")
    return statements[0].value


def _built(tree: ast.expr) -> Callable[[], nn.Module]:
    """What makes the module; everything is checked before."""
    count = 0

    def module(node: ast.expr, depth: int) -> Callable[[], nn.Module]:
        nonlocal count
        count += 1
        if count > MAX_MODULES or depth > MAX_NESTING:
            raise LimitError(f"more than {MAX_MODULES} modules, or more than {MAX_NESTING} inside each other")
        if not isinstance(node, ast.Call):
            raise TextError(f"{_shown(node)} is no module; a network is made of calls such as nn.Conv2d(3, 16, 3)")
        name = _name(node.func)
        if name in _CONTAINERS:
            return _sequence(node, depth)
        given = [_value(argument) for argument in node.args]
        named = {_keyword(keyword): _value(keyword.value) for keyword in node.keywords}
        return lambda: getattr(nn, name)(*given, **named)

    def _sequence(node: ast.Call, depth: int) -> Callable[[], nn.Module]:
        if node.keywords:
            raise TextError("nn.Sequential takes modules, not named arguments")
        ordered = len(node.args) == 1 and _is_ordered(node.args[0])
        parts = _pairs(node.args[0]) if ordered else [(str(index), part) for index, part in enumerate(node.args)]
        named = [(name, module(part, depth + 1)) for name, part in parts]

        def build() -> nn.Module:
            result = nn.Sequential()
            for name, make in named:
                result.add_module(name, make())
            return result

        return build

    if not isinstance(tree, ast.Call) or _name(tree.func) not in _CONTAINERS:
        raise TextError(f"the pasted text begins with {_shown(tree)}; it should be nn.Sequential(...)")
    return module(tree, 0)


def _name(node: ast.expr) -> str:
    """``Conv2d`` of ``Conv2d``, ``nn.Conv2d`` or ``torch.nn.Conv2d``; anything else is refused by name."""
    shown = _shown(node)
    prefix, _, name = shown.rpartition(".")
    if prefix not in ("", "nn", "torch.nn") or name not in _KNOWN:
        near = difflib.get_close_matches(name, _KNOWN, 1) if prefix in ("", "nn", "torch.nn") else []
        hint = (
            f"did you mean nn.{near[0]}?"
            if near
            else "it is read, never executed, and only layers of torch.nn are known"
        )
        raise TextError(f"{shown} is not allowed in a pasted network; {hint}")
    return name


def _value(node: ast.expr) -> Any:
    """A number, a word, a truth value, None, or a tuple or list of such; numbers may be worked out (``16 * 5 * 5``)."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return tuple(_value(part) for part in node.elts)
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bool, type(None))):
        return node.value
    return _number(node)


def _number(node: ast.expr) -> int | float:
    value: int | float | None = None
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        value = node.value
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = -_number(node.operand)
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        one, other = _number(node.left), _number(node.right)
        if other or not isinstance(node.op, ast.FloorDiv):
            value = _ARITHMETIC[type(node.op)](one, other)
    if value is None:
        raise TextError(f"{_shown(node)} is not allowed as an argument; give numbers, words, truth values or tuples")
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise LimitError(f"{_shown(node)} is beyond {MAX_NUMBER:,}")
    return value


def _keyword(keyword: ast.keyword) -> str:
    if keyword.arg is None:
        raise TextError("** is not allowed in a pasted network; write its arguments out")
    if keyword.arg in ("device", "dtype"):
        raise TextError(f"{keyword.arg} is not allowed in a pasted network; leave it out")
    return keyword.arg


def _is_ordered(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _shown(node.func).rpartition(".")[2] == "OrderedDict"


def _pairs(node: ast.expr) -> list[tuple[str, ast.expr]]:
    """The names and modules of ``OrderedDict([("conv", nn.Conv2d(...)), …])``."""
    argument = node.args[0] if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords else None
    pairs = argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else []
    parts: list[tuple[str, ast.expr]] = []
    for pair in pairs:
        if not (isinstance(pair, ast.Tuple) and len(pair.elts) == 2 and isinstance(pair.elts[0], ast.Constant)):
            raise TextError(f"{_shown(pair)} is no (name, module) pair")
        name = str(pair.elts[0].value)
        if not name or "." in name or any(name == other for other, _ in parts):
            raise TextError(f"{name!r} cannot name a module: names are not empty, have no dot and occur once")
        parts.append((name, pair.elts[1]))
    if not parts:
        raise TextError("OrderedDict needs a list of (name, module) pairs")
    return parts


def _shown(node: ast.AST) -> str:
    """A piece of the text, short enough for a message."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else text[:59] + "…"
