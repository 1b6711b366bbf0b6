"""Which expressions may be written: parsed by ``ast``, every node one of those listed, and few of them."""

import ast
import re
from functools import lru_cache

from ..errors import ExpressionError
from .functions import FUNCTIONS, refuse_unless_bounded

MAX_CHARACTERS = 400  # of one expression
MAX_NODES = 120

_TEXT = re.compile(r"""\"[^"]*\"|'[^']*'""")
_POWER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?[eE]\d{1,2}(?![\w.])")  # 2e9
_RUN_ON = re.compile(
    r"(?<![A-Za-z_\d])\d[\d.]*[A-Za-z_]"
)  # 1or, 1e999, 0x1, 1j: Python reads some, and warns of others

COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@lru_cache(maxsize=4096)
def tree_of(source: str) -> ast.expr:
    """The parsed expression, each of its nodes one of the few that there are."""
    if len(source) > MAX_CHARACTERS:
        raise ExpressionError(f"an expression has {len(source)} characters, more than {MAX_CHARACTERS}")
    if "\\" in source or _RUN_ON.search(_POWER.sub("0", _TEXT.sub("", source))):
        raise ExpressionError(f"{source[:80]!r} is no expression: a letter follows a number, or there is a backslash")
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"{source[:80]!r} is no expression; write one such as centre == 3 * corner") from error
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        raise ExpressionError(f"an expression has {len(nodes)} parts, more than {MAX_NODES}; write a shorter one")
    for node in nodes:
        _refuse_unless_known(node)
    return tree


def _refuse_unless_known(node: ast.AST) -> None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name.startswith("_") or not name.isascii():
            raise ExpressionError(f"there is no {name[:40]!r}")
        case ast.Constant(value=value):
            _refuse_constant(value)
        case ast.Call(keywords=keywords) if keywords:
            raise ExpressionError("arguments have no names; write paths(0, 0)")
        case (
            ast.Name()
            | ast.Attribute()
            | ast.Call()
            | ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.FloorDiv() | ast.Mod() | ast.Pow())
            | ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not())
            | ast.BoolOp()
        ):
            return
        case ast.Compare(ops=comparisons) if all(isinstance(sign, COMPARISONS) for sign in comparisons):
            return
        case ast.expr():
            raise ExpressionError(
                f"{ast.unparse(node)[:60]!r} cannot be used in an expression; there are numbers, names, "
                "+ - * / // % **, comparisons, and, or, not"
            )


def _refuse_constant(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ExpressionError(f"{str(value)[:40]!r} is no number")
    if isinstance(value, int):
        refuse_unless_bounded(value)
    elif isinstance(value, float) and not abs(value) < 1e300:
        raise ExpressionError("a decimal is too large; write a whole number")


def is_function(called: ast.expr) -> bool:
    """Whether what is called is a function, and no number of a view."""
    return isinstance(called, ast.Name) and called.id in FUNCTIONS
