"""Tokens beside a map: a tensor of which one dimension holds class tokens and the positions of a map, end to end.

Every piece is a layout of its own, so that a map stays a map beside its class token: tokens are laid out as images.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod

from .builder import GraphBuilder
from .layout import NotRuledError, TensorLayout

MAX_TOKENS = 64  # that do not depend on the input yet, each of which is a map of one position once it does


@dataclass(frozen=True, slots=True)
class Tokens:
    """``pieces`` end to end along dimension ``dim``, so many entries of it each; None: does not depend on the input."""

    dim: int
    pieces: tuple[TensorLayout | None, ...]
    sizes: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        shape = next(piece.shape for piece in self.pieces if piece is not None)
        return (*shape[: self.dim], sum(self.sizes), *shape[self.dim + 1 :])

    def ranges(self) -> Iterator[tuple[TensorLayout | None, int, int]]:
        """Every piece with its first entry and its length."""
        first = 0
        for piece, size in zip(self.pieces, self.sizes, strict=True):
            yield piece, first, size
            first += size

    def image(self) -> TensorLayout:
        """The piece that is a map; raises :class:`NotRuledError` where several are."""
        maps = [piece for piece, size in zip(self.pieces, self.sizes, strict=True) if piece is not None and size > 1]
        known = maps or [piece for piece in self.pieces if piece is not None]
        if len(known) != 1:
            raise NotRuledError("tokens of several maps, end to end")
        return known[0]

    def permuted(self, order: list[int] | tuple[int, ...]) -> "Tokens":
        return Tokens(
            [axis % len(order) for axis in order].index(self.dim),
            tuple(piece and piece.permuted(order) for piece in self.pieces),
            self.sizes,
        )

    def reshaped(self, shape: tuple[int, ...]) -> "Tokens":
        """Under another shape that leaves the tokens' dimension what it is."""
        before, total = prod(self.shape[: self.dim]), sum(self.sizes)
        fits = [at for at, size in enumerate(shape) if size == total and prod(shape[:at]) == before]
        if not fits:
            raise NotRuledError("a reshape that cuts across tokens and a map")
        dim = fits[0]
        shapes = ((*shape[:dim], size, *shape[dim + 1 :]) for size in self.sizes)
        pieces = tuple(piece and piece.reshaped(own) for piece, own in zip(self.pieces, shapes, strict=True))
        return Tokens(dim, pieces, self.sizes)


def end_to_end(parts: list[tuple[TensorLayout | Tokens | None, int]], dim: int) -> TensorLayout | Tokens:
    """Layouts laid end to end along ``dim``, each with its length; None: does not depend on the input."""
    pieces: list[TensorLayout | None] = []
    sizes: list[int] = []
    for part, size in parts:
        if isinstance(part, Tokens):
            if part.dim != dim:
                raise NotRuledError("tokens laid end to end along another dimension")
            pieces += part.pieces
            sizes += part.sizes
        elif part is not None:
            pieces.append(part)
            sizes.append(size)
        else:
            if size > MAX_TOKENS:
                raise NotRuledError(f"more than {MAX_TOKENS} tokens that do not depend on the input")
            pieces += [None] * size
            sizes += [1] * size
    return pieces[0] if len(pieces) == 1 and pieces[0] is not None else Tokens(dim, tuple(pieces), tuple(sizes))


def kept(builder: GraphBuilder, tokens: Tokens, entries: range) -> TensorLayout | Tokens | None:
    """Some entries of the tokens' dimension, in their order; None for none that depends on the input."""
    if entries.step != 1:
        raise NotRuledError("tokens taken in steps")
    parts: list[tuple[TensorLayout | Tokens | None, int]] = []
    for piece, first, size in tokens.ranges():
        start, stop = max(entries.start, first), min(entries.stop, first + size)
        if start < stop:
            part = piece and builder.sliced(piece, tokens.dim, start - first, stop - first)
            parts.append((part, stop - start))
    if not any(part for part, _ in parts):
        return None
    return end_to_end(parts, tokens.dim)


def piecewise(tokens: Tokens, dim: int, of_piece: Callable[[int], TensorLayout | None]) -> Tokens:
    """What comes of each piece, by its place; along ``dim`` now."""
    return Tokens(dim, tuple(of_piece(index) for index in range(len(tokens.pieces))), tokens.sizes)


def indices(tokens: Tokens, dim_size: int, start: int | None, end: int | None, step: int) -> range:
    """The entries that a slice takes."""
    first, stop, by = slice(start, end, step).indices(dim_size)
    return range(first, stop, by)
