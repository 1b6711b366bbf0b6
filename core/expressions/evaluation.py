"""Expressions: arithmetic on whole numbers and fractions, comparison, and numbers that a scope knows by name.

Lessons write them about their views (:mod:`.lessons.scopes`), searches about the designs that they count
(:mod:`.search.questions`).

They are written as in Python, ``centre == 3 * corner`` or ``other("9; conv k5 x2").total``, parsed by ``ast``, and
walked node by node; whatever is not listed here is refused, and nothing is ever run. Every number is exact, and its
size is bounded before it is made, so that no text takes long.
"""

import ast
import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from math import inf
from time import monotonic
from typing import Protocol

from ..errors import ExpressionError, UserError
from .functions import FUNCTIONS, MAX_BITS, plain
from .functions import Value as Value
from .grammar import is_function, tree_of

_ARITHMETIC: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda left, right: Fraction(left) / right,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Value, Value], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


_ends: ContextVar[float] = ContextVar("ends", default=inf)  # by the monotonic clock


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Expressions evaluated inside are refused once so many seconds have passed; a single number is had to its end."""
    token = _ends.set(min(monotonic() + seconds, _ends.get()))
    try:
        yield
    finally:
        _ends.reset(token)


class UndefinedError(ExpressionError):
    """What there is not with these numbers: something divided by 0."""


class Scope(Protocol):
    """What the names of an expression mean."""

    def number(self, name: str, arguments: tuple[Value, ...] | None) -> Value:
        """A number by its name, or by its name and the arguments in brackets."""
        ...

    def scope(self, name: str, argument: str | None) -> "Scope":
        """What stands before a dot: another view or design."""
        ...


def evaluate(source: str, scope: Scope) -> Value | bool:
    """What an expression is worth. Raises :class:`~.errors.ExpressionError` for what it cannot say.

    >>> class Nothing:
    ...     def number(self, name, arguments): raise ExpressionError(f"there is no {name}")
    ...     def scope(self, name, argument): raise ExpressionError(f"there is no {name}")
    >>> evaluate("3 / 4 + 1 / 4 == 1", Nothing()), evaluate("0.1 * 3", Nothing()), evaluate("choose(8, 4)", Nothing())
    (True, Fraction(3, 10), 70)
    """
    try:
        return _value(tree_of(source), scope)
    except UserError as error:
        raise type(error)(f"{source[:80]!r}: {error}") from error


def truth(source: str, scope: Scope) -> bool:
    """Whether a condition holds."""
    found = evaluate(source, scope)
    if not isinstance(found, bool):
        raise ExpressionError(f"{source[:80]!r} is a number and no condition; compare it with another")
    return found


def number(source: str, scope: Scope) -> Value:
    """The number that an expression is."""
    found = evaluate(source, scope)
    if isinstance(found, bool):
        raise ExpressionError(f"{source[:80]!r} is a condition and no number")
    return found


def is_computed(source: str) -> bool:
    """Whether an expression has any number of a view in it, and is not just written out.

    >>> is_computed("centre / 2"), is_computed("choose(4, 2)")
    (True, False)
    """
    own = {node.func for node in ast.walk(tree_of(source)) if isinstance(node, ast.Call) and is_function(node.func)}
    return any(isinstance(node, ast.Name) and node not in own for node in ast.walk(tree_of(source)))


def is_condition(source: str) -> bool:
    """Whether an expression, as it is written, is a condition and no number.

    >>> is_condition("field >= 64 and not gini > 1 / 2"), is_condition("field + 64")
    (True, False)
    """
    tree = tree_of(source)
    negated = isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not)
    return negated or isinstance(tree, (ast.BoolOp, ast.Compare))


def parts(source: str) -> list[str]:
    """The names and calls that a reader would want the values of, as written, each once."""
    found: dict[str, None] = {}

    def visit(node: ast.AST) -> None:
        if isinstance(node, (ast.Name, ast.Attribute, ast.Call)) and not (
            isinstance(node, ast.Call) and is_function(node.func)
        ):
            found[ast.unparse(node)] = None
        else:
            for child in ast.iter_child_nodes(node):
                if not (isinstance(node, ast.Call) and child is node.func):
                    visit(child)

    visit(tree_of(source))
    return list(found)


def _value(node: ast.expr, scope: Scope) -> Value | bool:
    if monotonic() > _ends.get():
        raise ExpressionError("to work out all numbers takes too long; use smaller networks, or fewer of them")
    match node:
        case ast.Constant(value=str()):
            raise ExpressionError('a text stands only inside other("...")')
        case ast.Constant(value=value):
            return plain(Fraction(repr(value)))  # the decimal as it is written: 0.1 is one tenth
        case ast.Name(id=name):
            return scope.number(name, None)
        case ast.Attribute(value=before, attr=name):
            return _before_dot(before, scope).number(name, None)
        case ast.Call(func=called, args=arguments):
            return _called(called, arguments, scope)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_number(left, scope), _number(right, scope))
        case ast.BinOp(left=left, op=sign, right=right):
            return _arithmetic(sign, _number(left, scope), _number(right, scope))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _truth(operand, scope)
        case ast.UnaryOp(op=sign, operand=operand):
            return -_number(operand, scope) if isinstance(sign, ast.USub) else _number(operand, scope)
        case ast.BoolOp(op=sign, values=values):
            return (all if isinstance(sign, ast.And) else any)(_truth(value, scope) for value in values)
        case ast.Compare(left=left, ops=comparisons, comparators=others):
            numbers = [_number(operand, scope) for operand in (left, *others)]
            return all(
                _COMPARISONS[type(comparison)](before, after)
                for comparison, before, after in zip(comparisons, numbers, numbers[1:], strict=False)
            )
    raise AssertionError(ast.dump(node))


def _number(node: ast.expr, scope: Scope) -> Value:
    value = _value(node, scope)
    if isinstance(value, bool):
        raise ExpressionError(f"{ast.unparse(node)[:60]!r} is a condition and no number")
    return value


def _truth(node: ast.expr, scope: Scope) -> bool:
    value = _value(node, scope)
    if not isinstance(value, bool):
        raise ExpressionError(f"{ast.unparse(node)[:60]!r} is a number and no condition")
    return value


def _before_dot(node: ast.expr, scope: Scope) -> Scope:
    match node:
        case ast.Name(id=name):
            return scope.scope(name, None)
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text))]):
            return scope.scope(name, text)
    raise ExpressionError(
        f"{ast.unparse(node)[:60]!r} has no numbers of its own; before a dot stands other(...) or then"
    )


def _called(called: ast.expr, arguments: list[ast.expr], scope: Scope) -> Value:
    match called:
        case ast.Name(id=name) if is_function(called):
            return FUNCTIONS[name](tuple(_number(argument, scope) for argument in arguments))
        case ast.Name(id=name):
            return scope.number(name, tuple(_number(argument, scope) for argument in arguments))
        case ast.Attribute(value=before, attr=name):
            return _before_dot(before, scope).number(name, tuple(_number(argument, scope) for argument in arguments))
    raise ExpressionError(f"{ast.unparse(called)[:60]!r} cannot be called")


def _arithmetic(sign: ast.operator, left: Value, right: Value) -> Value:
    if isinstance(sign, (ast.Div, ast.FloorDiv, ast.Mod)) and right == 0:
        raise UndefinedError("nothing is divided by 0")
    return plain(_ARITHMETIC[type(sign)](left, right))


def _power(base: Value, exponent: Value) -> Value:
    if not isinstance(exponent, int):
        raise ExpressionError("a power's exponent is a whole number")
    if base == 0 and exponent < 0:
        raise UndefinedError("nothing is divided by 0")
    ends = Fraction(base).as_integer_ratio()
    if max(end.bit_length() for end in ends) * abs(exponent) > MAX_BITS:
        raise ExpressionError(f"a power has more than {MAX_BITS} binary digits; use smaller numbers")
    return plain(Fraction(base) ** exponent)
