"""Names of nodes as paths of stages: the modules that they were in, where an exporter tells."""

import ast
import re
from collections.abc import Sequence

from torch import nn

_WORD = re.compile(r"[^A-Za-z0-9_]+")
_MAX_LENGTH, _MAX_DEPTH, _MAX_SCOPES = 120, 16, 4_000
_TAKEN = frozenset(dir(nn.Module()))  # names that a module has already


def paths_of(nodes: Sequence[tuple[str, str, str]]) -> list[str]:
    """A path for every node, all different, from its name, its operator and the scopes that PyTorch's exporter notes.

    The only node of a module stands for it.

    >>> paths_of([("/layer1/layer1.0/conv1/Conv", "Conv", ""), ("/layer1/Add", "Add", ""), ("", "Relu", "")])
    ['layer1.0.conv1', 'layer1.Add', 'Relu']
    """
    parts = [_parts(name, operator, scopes) for name, operator, scopes in nodes]
    count: dict[tuple[str, ...], int] = {}
    inner: set[tuple[str, ...]] = set()
    for own in parts:
        count[own[:-1]] = count.get(own[:-1], 0) + 1
        inner.update(own[:depth] for depth in range(1, len(own) - 1))
    used: set[str] = set()
    result = []
    for own in parts:
        alone = len(own) > 1 and count[own[:-1]] == 1 and own[:-1] not in inner
        path = plain = ".".join(own[:-1] if alone else own)
        number = 1
        while path in used or tuple(path.split(".")) in inner:
            number += 1
            path = f"{plain}_{number}"
        used.add(path)
        result.append(path)
    return result


def _parts(name: str, operator: str, scopes: str) -> tuple[str, ...]:
    last = _word(name.rsplit("/", 1)[-1]) or _word(operator) or "node"
    modules = _noted(scopes)
    if not modules and "/" in name[:_MAX_SCOPES]:
        modules = _nested(name[:_MAX_SCOPES].split("/")[:-1])
    parts = tuple(part for module in modules[:_MAX_DEPTH] if (part := _word(module)))
    return (*parts, last) if len(".".join((*parts, last))) <= _MAX_LENGTH else (last,)


def _noted(scopes: str) -> list[str]:
    """The module of a note such as ``['', 'layer1', 'layer1.0', 'relu']``, whose last entry is the operator."""
    if not scopes or len(scopes) > _MAX_SCOPES:
        return []
    try:
        noted = ast.literal_eval(scopes)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    if not isinstance(noted, list) or not all(isinstance(entry, str) for entry in noted):
        return []
    return noted[-2].split(".") if len(noted) > 1 else []


def _nested(scopes: Sequence[str]) -> list[str]:
    """``layer1``, ``layer1.0``, ``conv1`` as the parts of one path."""
    result: list[str] = []
    before = ""
    for scope in filter(None, scopes):
        result += scope.removeprefix(f"{before}.").split(".")
        before = scope
    return result


def _word(text: str) -> str:
    word = _WORD.sub("_", text[:_MAX_LENGTH]).strip("_")
    return f"{word}_" if word in _TAKEN else word
