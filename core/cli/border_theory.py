"""What border theory asks of a design's paths, as keys of ``paths --json`` and as lines of its readable answer."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cached_property
from math import isfinite

from ..design.analysis import DesignAnalysis, Unit
from ..errors import UserError
from ..exact.aliasing import aliased_by_ones
from ..exact.padding_share import PaddingShare
from ..exact.path_lengths import PathLengths
from ..formatting import all_digits, format_list, format_percent
from ..network.kinds import MAXPOOL
from ..program import loaded
from .table import columns

KEYS = ("padding", "lengths", "aliasing", "live")
Json = dict[str, object]


@dataclass(frozen=True)
class BorderTheory:
    """Of the paths to all outputs, or to one ``unit``; ``live``: the seed of the model that is measured, None: none."""

    analysis: DesignAnalysis
    unit: Unit = None
    live: int | None = None

    def document(self) -> Json:
        """Every one of ``KEYS``."""
        return {
            "padding": self._padding_document(),
            "lengths": self._lengths_document(),
            "aliasing": [
                {"layer": self.analysis.graph.name(index), "stride": stride, "ones": share}
                for index, stride, share in self._aliasing
            ],
            "live": None if self.live is None else self._live,
        }

    def text(self) -> list[str]:
        """Lines after the measures; none where there is nothing to tell."""
        rows = [*self._padding_rows(), *self._lengths_rows(), *self._aliasing_rows(), *self._live_rows()]
        return ["", *columns(rows, "<<")] if rows else []

    @cached_property
    def _padding(self) -> PaddingShare | str:
        try:
            return self.analysis.padding_share
        except UserError as error:
            return str(error)

    @cached_property
    def _lengths(self) -> PathLengths | str:
        try:
            return self.analysis.path_lengths(self.unit)
        except UserError as error:
            return str(error)

    @cached_property
    def _aliasing(self) -> list[tuple[int, tuple[int, ...], float | None]]:
        """Node, strides and aliased share of every window that strides; none of a max pool, which is not linear."""
        return [
            (
                index,
                tuple(window.stride for window in windows),
                None if node.op == MAXPOOL else aliased_by_ones(windows),
            )
            for index, node, windows in self.analysis.strided()
        ]

    def _padding_document(self) -> Json:
        known = self._padding
        if isinstance(known, str):
            return {**dict.fromkeys(("mean", "corner", "unit", "reach", "shares")), "reason": known}
        corner = (0,) * len(self.analysis.graph.output.size)
        shares = [None if share != share else share for share in known.shares.ravel().tolist()]
        for side in known.shares.shape[:0:-1]:
            shares = [shares[at : at + side] for at in range(0, len(shares), side)]
        return {
            "mean": _number(known.mean),
            "corner": _number(known.share(corner)),
            "unit": _number(known.share(self.unit or self.analysis.unit)),
            "reach": known.reach,
            "shares": shares,
            "reason": None,
        }

    def _lengths_document(self) -> Json:
        known = self._lengths
        if isinstance(known, str):
            return {"all": None, "centre": None, "reason": known}
        centre = tuple(side // 2 for side in self.analysis.graph.input.size)
        return {"all": _spectrum(known.spectrum()), "centre": _spectrum(known.spectrum(centre)), "reason": None}

    @cached_property
    def _live(self) -> Json:
        measures = loaded("..design.live_measures", __package__).LiveMeasures(self.analysis, self.live)
        result: Json = {"seed": self.live, "alpha": None, "aliasing": None, "shifts": None, "reasons": {}}
        reasons: dict[str, str] = {}
        names = self.analysis.graph.name
        for key, make in (
            ("alpha", lambda: asdict(measures.alpha())),
            ("aliasing", lambda: [{"layer": names(at), "share": own} for at, own in measures.aliasing().items()]),
            ("shifts", lambda: [asdict(one) for one in measures.shifts()]),
        ):
            try:
                result[key] = make()
            except UserError as error:
                reasons[key] = str(error)
        return {**result, "reasons": reasons}

    def _padding_rows(self) -> Iterator[list[str]]:
        known = self._padding
        if isinstance(known, str):
            yield ["padding", f"not known: {known}"]
        elif known.mean:
            corner = known.share((0,) * len(known.whole.size)) or Fraction(0)
            yield [
                "padding",
                f"{format_percent(known.mean)} of the paths pass through it, {format_percent(corner)} at a corner",
            ]
            if known.reach is None:
                yield ["", "it reaches every output unit"]
            else:
                sides = format_list(
                    [f"{before} before and {after} after" for before, after in dict.fromkeys(known.reach)]
                )
                yield ["", f"the units that it reaches along each axis: {sides}"]

    def _lengths_rows(self) -> Iterator[list[str]]:
        known = self._lengths
        if isinstance(known, str):
            yield ["lengths", f"not known: {known}"]
            return
        spectrum = known.spectrum()
        if len(spectrum) > 1:
            yield ["lengths", f"paths of {min(spectrum)} to {max(spectrum)} windows"]

    def _aliasing_rows(self) -> Iterator[list[str]]:
        name = "aliased"
        for index, _, share in self._aliasing:
            words = "a maximum is not linear" if share is None else f"{100 * share:.3g} % by weights of one"
            yield [name, f"{self.analysis.graph.name(index)}: {words}"]
            name = ""

    def _live_rows(self) -> Iterator[list[str]]:
        if self.live is None:
            return
        live = self._live
        yield ["live", f"seed {self.live}"]
        if isinstance(fit := live["alpha"], dict):
            yield [
                "",
                f"alpha {fit['alpha']:.3g} fits best: correlation with a field {fit['before']:.4f} before, "
                f"{fit['after']:.4f} after",
            ]
        for own in live["aliasing"] if isinstance(live["aliasing"], list) else ():
            if own["share"] is not None:
                yield ["", f"{own['layer']}: {100 * own['share']:.3g} % aliased by its own weights"]
        for one in live["shifts"] if isinstance(live["shifts"], list) else ():
            same = "" if one["same"] is None else f", the largest channel stays in {100 * one['same']:.3g} %"
            yield ["", f"a shift by {one['shift']} changes the mean output by {100 * one['change']:.3g} %{same}"]
        reasons = live["reasons"]
        assert isinstance(reasons, dict)
        yield from (["", f"{name}: {reason}"] for name, reason in reasons.items())


def _spectrum(counts: dict[int, int]) -> dict[str, str]:
    return {str(length): all_digits(count) for length, count in counts.items()}


def _number(share: Fraction | None) -> float | None:
    number = None if share is None else float(share)
    assert number is None or isfinite(number)
    return number
