"""Reads the one text form of a network: ``32x48; conv k3 same reflect x4; maxpool k2``.

A network is its input size and its layers, divided by ``;``. Whitespace and letter case do not matter. The classes
write themselves: ``parse(str(network)) == network``, and equal networks have equal texts.
"""

import difflib
import re
from functools import lru_cache
from itertools import islice
from typing import Any

from ..errors import LimitError, NetworkError, TextError
from . import limits
from .keys import Keys
from .kinds import KINDS
from .layers import Item, Join, Layer, LayerKind, layer_count
from .network import Network
from .operations import JOINS, Operation
from .window import BORDERS

_TOKEN = re.compile(r"[();|]|[^\s();|]+")
_NUMBERED = re.compile(r"(seed|shift|near|[a-z])(\d[\dx:]*)")
_LONGEST = 64  # characters of a word
_KEPT = 4096  # layers as they were read last: the networks of a family share theirs
_WHOLE = re.compile(r"\d{1,10}")
_REPEAT = re.compile(r"x\d+")
_ENDS = (";", "|", ")")  # of a layer's words
_JOINS = {join.name: join for join in JOINS}
_WORDS = ("valid", "same", "full", *BORDERS, "nearest", "bilinear", "causal")
_MEANING = {
    "k": "kernel", "s": "stride", "d": "dilation", "p": "padding", "c": "channels", "g": "groups",
    "r": "connections", "seed": "seed", "border": "border mode", "mode": "interpolation",
    "causal": "causal order", "w": "window", "shift": "shift", "near": "neighbourhood",
}  # fmt: skip


_layers: dict[tuple[str, int, tuple[str, ...]], Layer] = {}  # by name, axes and words
_networks: dict[str, Network] = {}  # by a text that is not the one that was read


@lru_cache(maxsize=256)
def parse(text: str) -> Network:
    """The network that ``text`` describes.

    Raises :class:`~.errors.TextError` where it cannot be read, naming the place, and the other user errors where
    a value is out of its range.

    >>> str(parse("32X48 ; Conv K3 P1 ; conv k3x3 p1:1"))
    '32x48; conv k3 p1 x2'
    """
    if len(text) > limits.MAX_TEXT:
        raise LimitError(f"the text has {len(text)} characters, more than {limits.MAX_TEXT}; use repeats (x4)")
    if (known := _networks.pop(text, None)) is not None:
        return known
    network = _Reader(text.lower().replace("\u00d7", "x")).network()
    if len(written := str(network)) > limits.MAX_TEXT:
        raise LimitError(f"written out, the network has more than {limits.MAX_TEXT} characters; use fewer layers")
    if written != text:
        _keep(_networks, written, network)
    return network


def _keep(kept: dict[Any, Any], key: object, value: object) -> None:
    """Keeps a value, and lets go of all others where they are many."""
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value


class _Reader:
    """One pass over the tokens; ``at`` is the next one."""

    def __init__(self, text: str) -> None:
        self.tokens = [(match.group(), match.start() + 1) for match in _TOKEN.finditer(text)]
        for word, place in self.tokens:
            if len(word) > _LONGEST:
                raise TextError(f"character {place}: a word of {len(word)} characters says nothing; divide layers by ;")
        self.end = len(text) + 1
        self.at = 0
        self.axes = 0

    def network(self) -> Network:
        size, channels = self.input()
        self.axes = len(size)
        layers: tuple[Item, ...] = ()
        if self.next() == ";":
            self.at += 1
            layers = self.sequence(depth=0)
        if self.next() is not None:
            raise self.error(f"{self.next()!r} is not expected here; divide layers by ;")
        return Network(size, layers, channels)

    def next(self) -> str | None:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None

    def error(self, message: str) -> TextError:
        """What fails at the next token."""
        place = self.tokens[self.at][1] if self.at < len(self.tokens) else self.end
        return TextError(f"character {place}: {message}")

    def input(self) -> tuple[tuple[int, ...], int | None]:
        word = self.next() or ""
        if not re.fullmatch(r"\d{1,9}(x\d{1,9})*", word):
            raise self.error(f"a network begins with its input size, as in 64 or 32x48, not {word!r}")
        self.at += 1
        channels = None
        if match := re.fullmatch(r"c(\d{1,9})", self.next() or ""):
            channels = int(match.group(1))
            self.at += 1
        return tuple(int(side) for side in word.split("x")), channels

    def sequence(self, depth: int) -> tuple[Item, ...]:
        """Layers divided by ``;``, up to the end, a ``|`` or a closing bracket; ``skip`` is no layer."""
        items: list[Item] = []
        count = 0
        while self.next() not in (None, "|", ")"):
            if self.next() == ";":
                raise self.error("a layer is missing before this ;")
            item = self.item(depth)
            times = self.repeat()
            if item is not None:
                count += layer_count((item,)) * times
                if count > limits.MAX_LAYERS:
                    raise LimitError(f"{count} layers are more than {limits.MAX_LAYERS}; use fewer repeats")
                items += [item] * times
            if self.next() == ";":
                self.at += 1
            elif self.next() not in (None, "|", ")"):
                raise self.error(f"{self.next()!r} is not expected here; divide layers by ;")
        return tuple(items)

    def item(self, depth: int) -> Item | None:
        name = self.next() or ""
        if name in _JOINS:
            return self.join(_JOINS[name], depth)
        if name == "skip":
            self.at += 1
            return None
        if name not in KINDS:
            names = [*KINDS, *_JOINS, "skip"]
            near = difflib.get_close_matches(name, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
            raise self.error(f"there is no layer {name!r}; {hint}")
        place = self.at
        key = name, self.axes, self.words()
        if (known := _layers.get(key)) is not None:
            self.at += 1 + len(key[2])
            return known
        self.at += 1
        kind = KINDS[name]
        options = self.options(kind)
        try:
            layer = _layer(kind, options)
        except NetworkError as error:
            self.at = place
            raise self.error(f"{name}: {error}") from error
        _keep(_layers, key, layer)
        return layer

    def words(self) -> tuple[str, ...]:
        """What follows the next token up to the end of its layer, a repeat left out."""
        words = []
        for word, _ in islice(self.tokens, self.at + 1, None):
            if word in _ENDS or _REPEAT.fullmatch(word):
                break
            words.append(word)
        return tuple(words)

    def join(self, join: Operation, depth: int) -> Join:
        if depth >= limits.MAX_NESTING:
            raise LimitError(f"joins are nested deeper than {limits.MAX_NESTING}; use fewer levels")
        place = self.at
        self.at += 1
        if self.next() != "(":
            raise self.error(f"{join.name} needs its branches in brackets, as in {join.name}(skip | conv k3 p1)")
        branches = []
        while True:
            self.at += 1
            branches.append(self.sequence(depth + 1))
            if self.next() == ")":
                break
            if self.next() != "|":
                raise self.error(f"a bracket of {join.name} is not closed")
        self.at += 1
        try:
            return Join(join, tuple(branches))
        except NetworkError as error:
            self.at = place
            raise self.error(str(error)) from error

    def repeat(self) -> int:
        if not (match := re.fullmatch(r"x(\d{1,9})", self.next() or "")):
            return 1
        times = int(match.group(1))
        if not 1 <= times <= limits.MAX_LAYERS:
            raise self.error(f"a repeat of {times} is outside 1 to {limits.MAX_LAYERS}")
        self.at += 1
        return times

    def options(self, kind: LayerKind) -> dict[str, object]:
        """The words after a layer's name, by option."""
        found: dict[str, object] = {}
        op, allowed = kind.name, kind.options
        while (word := self.next()) not in (None, *_ENDS) and not _REPEAT.fullmatch(word or ""):
            option, value = self.option(word or "")
            if option not in allowed:
                what = _MEANING[option]
                can = ", ".join(_MEANING[name] for name in allowed) or "nothing"
                raise self.error(f"{op} takes no {what} ({word!r}); it takes {can}")
            if option in found:
                raise self.error(f"{op} is given its {_MEANING[option]} twice ({word!r})")
            found[option] = self.per_axis(value)
            self.at += 1
        if kind.needs and kind.needs.option not in found:
            raise self.error(f"{op} needs its {kind.needs.noun}, as in {op} {kind.needs.example}")
        return found

    def option(self, word: str) -> tuple[str, object]:
        if word in ("valid", "same", "full"):
            return "p", {"valid": [(0, 0)]}.get(word, word)
        if word in BORDERS:
            return "border", word
        if word in ("nearest", "bilinear"):
            return "mode", word
        if word == "causal":
            return "causal", word
        if word in KINDS or word in _JOINS or word in ("skip", "("):
            raise self.error(f"{word!r} begins another layer; divide layers by ;")
        match = _NUMBERED.fullmatch(word)
        if not match or match.group(1) not in _MEANING:
            near = difflib.get_close_matches(word, _WORDS, 1)
            hint = f"; did you mean {near[0]}?" if near else "; options look like k3, s2, p1, c16 or same"
            raise self.error(f"{word!r} says nothing about a layer{hint}")
        letter, numbers = match.groups()
        if letter == "p":
            return "p", [self.sides(part) for part in numbers.split("x")]
        values = [self.whole(part) for part in numbers.split("x")]
        if letter in ("c", "g", "r", "seed"):
            if len(values) != 1:
                raise self.error(f"{_MEANING[letter]} is one number, not {numbers!r}")
            return letter, values[0]
        return letter, values

    def per_axis(self, value: object) -> object:
        """Lists of numbers become one per axis; other values stay."""
        if not isinstance(value, list):
            return value
        if len(value) not in (1, self.axes):
            axes, give = ("1 axis", "one number") if self.axes == 1 else (f"{self.axes} axes", f"1 or {self.axes}")
            raise self.error(f"{len(value)} numbers are given for an input of {axes}; give {give}")
        return tuple(value * self.axes if len(value) == 1 else value)

    def sides(self, text: str) -> tuple[int, int]:
        values = [self.whole(part) for part in text.split(":")]
        if len(values) > 2:
            raise self.error(f"padding has two sides, before:after, not {text!r}")
        return values[0], values[-1]

    def whole(self, text: str) -> int:
        if not _WHOLE.fullmatch(text):
            raise self.error(f"{text!r} is not a whole number of at most 10 digits")
        return int(text)


def _layer(kind: LayerKind, options: dict[str, object]) -> Layer:
    kernel = options.get("k", ())
    if not isinstance(kernel, tuple):
        raise AssertionError(options)
    ones = (1,) * len(kernel)
    keys = _keys(options) if kind.attends else None
    values: dict[str, object] = {
        "kernel": kernel,
        "stride": options.get("s", kernel if kind.pools else ones),
        "dilation": ones if keys else options.get("d", ones),
        "pad": options.get("p", ((0, 0),) * len(kernel)),
        "border": options.get("border", "zeros"),
        "channels": options.get("c"),
        "groups": options.get("g", 1),
        "bilinear": options.get("mode") == "bilinear",
        "connections": options.get("r", 0),
        "seed": options.get("seed", 0),
        "keys": keys,
    }
    return Layer(kind, **values)  # type: ignore[arg-type]  # each value was read as its field's type


def _keys(options: dict[str, object]) -> Keys:
    """What an attention may read; shifts and dilations that are not given are written out, as a layer's are."""
    window, near = options.get("w", ()), options.get("near", ())
    if not isinstance(window, tuple) or not isinstance(near, tuple):
        raise AssertionError(options)
    values: dict[str, object] = {
        "window": window,
        "shift": options.get("shift", (0,) * len(window)),
        "near": near,
        "dilation": options.get("d", (1,) * len(near)),
        "causal": "causal" in options,
    }
    return Keys(**values)  # type: ignore[arg-type]  # as above
