"""A stream in words and rows, as the command and the page tell it: lengths in samples, ms and frames; what is kept."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from ..errors import UserError
from ..exact.streams import Kept, Repadding, Stream
from ..formatting import counted_noun
from ..network.axes import time_axis
from ..network.graph import size_text
from .text import DesignText

FLOAT = 4  # bytes of a number in float32
MAX_RATE = 10**9

Row = tuple[str, ...]


def sample_rate(text: str) -> Fraction:
    """Samples a second, as they are typed: a whole number, a decimal or a fraction.

    Raises :class:`~.errors.UserError` for what is none.

    >>> sample_rate("22050/256")
    Fraction(11025, 128)
    """
    if not re.fullmatch(r"\d{1,12}(\.\d{1,12}|/0*[1-9]\d{0,11})?", text):
        raise UserError(f"{text!r} is no rate; give samples a second, as 16000 or 22050/256")
    rate = Fraction(text)
    if not 0 < rate <= MAX_RATE:
        raise UserError(f"a rate of {text} is outside 0 to {MAX_RATE} samples a second")
    return rate


@dataclass(frozen=True, slots=True)
class StreamText:
    """A stream whose input comes at ``rate`` samples a second; None: in samples alone."""

    stream: Stream
    rate: Fraction | None = None

    def ms(self, samples: Fraction | int) -> float | None:
        """A length of the input in ms."""
        return None if self.rate is None else float(1000 * Fraction(samples) / self.rate)

    def length(self, samples: Fraction | int) -> str:
        """A length of the input in samples, ms, and outputs where these are others: frames where they are fewer."""
        ms, noun = self.ms(samples), "sample" if samples == 1 else "samples"
        told = f"{exact_number(samples)} {noun}" + ("" if ms is None else f", {ms:,.4g} ms")
        if (hop := self.stream.hop) == 1:
            return told
        outputs, noun = Fraction(samples) / hop, "frame" if hop > 1 else "output"
        return f"{told}, {float(outputs):,.4g} {noun}{'' if outputs == 1 else 's'}"

    @property
    def ahead(self) -> str:
        """Whether it is causal, and which layer is the first that looks ahead."""
        first = self.stream.looks_ahead
        if first is None:
            return _causal(self.stream)
        return f"no, {self.stream.halo.graph.name(first)} is the first that looks ahead"

    @property
    def hop(self) -> str:
        ratio = self.stream.output_ratio
        length = self.length(self.stream.hop)
        return length if ratio < 1 else f"{length}; {exact_number(ratio)} output{'' if ratio == 1 else 's'} a sample"

    @property
    def block(self) -> str:
        return f"multiples of {self.length(self.stream.block)}"

    @property
    def state(self) -> str:
        values = self.stream.state_values
        return f"{values:,} numbers, {FLOAT * values:,} bytes in float32"

    def kept(self, kept: Kept) -> Row:
        """A row of the table of state: what keeps, of which map, samples, channels, bytes."""
        graph, size = self.stream.halo.graph, FLOAT * kept.samples * kept.channels
        return graph.name(kept.node), graph.name(kept.source), f"{kept.samples:,}", f"{kept.channels:,}", f"{size:,}"

    def repadding(self, moved: Repadding) -> Row:
        """A row of the table of padding: the layer, its padding before and after, and where it is causal."""
        return self.stream.halo.graph.name(moved.node), _sides(moved.old), _sides(moved.new)

    def beside_causal(self, causal: Stream) -> list[Row]:
        """What moving the padding changes: rows of a name, as it is, and causal."""
        there = StreamText(causal, self.rate)

        def ends(one: Stream) -> str:
            return size_text(one.halo.graph.nodes[one.halo.end].size)

        return [
            ("past", self.length(self.stream.past), there.length(causal.past)),
            ("future", self.length(self.stream.future), there.length(causal.future)),
            ("latency", self.length(self.stream.latency), there.length(causal.latency)),
            ("state", f"{FLOAT * self.stream.state_values:,} bytes", f"{FLOAT * causal.state_values:,} bytes"),
            ("output", ends(self.stream), ends(causal)),
            ("causal", _causal(self.stream), _causal(causal)),
        ]

    def causal_design(self, text: DesignText) -> str | None:
        """The design ``text`` with its padding moved; None along an axis that is not time, which no remedy changes."""
        along_time = self.stream.axis == time_axis(len(self.stream.graph.input.size))
        return str(replace(text, remedies=(*text.remedies, "causal"))) if along_time else None


def exact_number(length: Fraction | int) -> str:
    """``320``, or ``1/256`` where it is none whole.

    >>> exact_number(Fraction(320)), exact_number(Fraction(1, 256))
    ('320', '1/256')
    """
    return f"{int(length):,}" if length == int(length) else str(Fraction(length))


def _causal(found: Stream) -> str:
    """Whether a stream is causal; one that reads after its own samples is so in blocks alone."""
    if not found.causal:
        return "no"
    return f"in blocks of {counted_noun(found.block, 'sample')}" if found.future else "yes"


def _sides(pad: tuple[int, int]) -> str:
    return f"{pad[0]}:{pad[1]}"
