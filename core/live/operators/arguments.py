"""What an operator is called, which tensors it is given, and which of them it writes."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import torch


def tensors(values: Any) -> Iterator[torch.Tensor]:
    """Every tensor in nested tuples, lists and dicts."""
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from tensors(value)
        elif isinstance(value, dict):
            yield from tensors(value.values())


def memory_of(tensor: torch.Tensor) -> int:
    """The address of a tensor's storage: no other memory has it while the tensor is held."""
    return int(tensor.untyped_storage()._cdata)


def written_by(func: Any, args: Sequence[Any], options: dict[str, Any]) -> list[torch.Tensor]:
    """The tensors that an operator writes in place."""
    given = (args[index] if index < len(args) else options.get(name) for index, name in _writes(func))
    return list(tensors(given))


@cache
def _writes(func: Any) -> tuple[tuple[int, str], ...]:
    """The arguments that an operator writes, by place and name."""
    return tuple(
        (index, argument.name)
        for index, argument in enumerate(func._schema.arguments)
        if argument.alias_info is not None and argument.alias_info.is_write
    )


@cache
def makes_views(func: Any) -> bool:
    """Whether results share memory with an argument that the operator does not write."""
    aliases = [result.alias_info for result in func._schema.returns]
    return any(alias is not None and not alias.is_write for alias in aliases)


@cache
def name_of(func: Any) -> str:
    """The name of an operator, without its namespace and overload."""
    return str(func._schema.name.removeprefix("aten::"))
