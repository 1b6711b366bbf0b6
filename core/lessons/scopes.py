"""What the names of an expression mean: in a step the numbers of its views, at a pixel those and its own."""

from dataclasses import dataclass

from ..expressions import Scope, Value
from .lesson import LessonError, Step
from .quantities import QUANTITIES
from .view_analysis import ViewAnalysis
from .views import OTHERS, Opener, open_design, parse_view


@dataclass(frozen=True, slots=True)
class ViewScope:
    """The numbers of a view; ``then``: those of the view that follows when the answer is revealed."""

    view: ViewAnalysis
    then: "ViewScope | None" = None

    def number(self, name: str, arguments: tuple[Value, ...] | None) -> Value:
        """A quantity by its name."""
        quantity = QUANTITIES.get(name)
        if quantity is None:
            raise LessonError(f"there is no {name[:40]!r}; there are {', '.join(QUANTITIES)}")
        if (arguments is None) == bool(quantity.takes):
            example = f"{name}({', '.join(quantity.takes)})" if quantity.takes else name
            raise LessonError(f"{name} is written {example}")
        value = quantity.of(self.view, *(arguments or ()))
        if value is None:
            raise LessonError(f"{name} has no value in {self.view.view}")
        return value if isinstance(value, int) or value.denominator > 1 else value.numerator

    def scope(self, name: str, argument: str | None) -> Scope:
        """Another view: the one that follows, a design beside this one, or any other."""
        if name == "other" and argument is not None:
            return ViewScope(ViewAnalysis(parse_view(argument), self.view.opened))
        if name == "then" and argument is None and self.then is not None:
            return self.then
        if name in OTHERS and argument is None:
            return ViewScope(ViewAnalysis(self.view.view.beside(name), self.view.opened))
        raise LessonError(f'{name[:40]!r} is no view; before a dot stands other("..."), then, or {", ".join(OTHERS)}')


@dataclass(frozen=True, slots=True)
class PixelScope:
    """The numbers of a view at one pixel of its input: its paths are ``here``, its place ``row`` and ``column``."""

    scope_of_view: ViewScope
    pixel: tuple[int, ...]

    def number(self, name: str, arguments: tuple[Value, ...] | None) -> Value:
        own = {"here": self.scope_of_view.view.counts.at(self.pixel), "column": self.pixel[-1], "row": self.pixel[0]}
        return own[name] if arguments is None and name in own else self.scope_of_view.number(name, arguments)

    def scope(self, name: str, argument: str | None) -> Scope:
        raise LessonError("the condition of a pixel names no other view")


def step_scope(step: Step, opened: Opener = open_design) -> ViewScope:
    """What the names in a step mean."""
    return view_scope(step.view, step.then, opened)


def view_scope(view: str, then: str = "", opened: Opener = open_design) -> ViewScope:
    """What names mean where one view is shown, and perhaps another after it."""
    following = ViewScope(ViewAnalysis(parse_view(then), opened)) if then else None
    return ViewScope(ViewAnalysis(parse_view(view), opened), following)
