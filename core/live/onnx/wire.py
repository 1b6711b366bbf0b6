"""How much a file would become once it is parsed, counted along its bytes before that: nothing is made of them here.

The wire format of protocol buffers writes a message as fields: a number, and a value that is a number or as many bytes
as stand before it (https://protobuf.dev/programming-guides/encoding). A few bytes may become hundreds in memory, as
an empty node does, so that fields are counted, and refused, before anything of theirs is made.
"""

from functools import cache
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from onnx import ModelProto

from ...errors import LimitError, UserError

MAX_BYTES = 2**31 - 1  # what protocol buffers can hold in one message
MAX_FIELDS = 600_000  # of all messages together
MAX_PACKED = 64 * 2**20  # bytes of whole numbers written one after the other, each of which takes eight in memory
MAX_DEPTH = 40  # messages inside messages

_NUMBER, _BYTES, _WIDTHS = 0, 2, {1: 8, 5: 4}  # how a field's value is written; bytes of the others
_PACKED_WHOLE = {
    FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64,
    FieldDescriptor.CPPTYPE_UINT32, FieldDescriptor.CPPTYPE_ENUM,
}  # fmt: skip


def refuse_oversized(data: bytes) -> None:
    """Raises :class:`~.errors.UserError` for bytes that are no ONNX file, or one that would take too much memory.

    Only the bytes that say how long a field is are read: weights are stepped over.
    """
    if len(data) > MAX_BYTES:
        raise LimitError(f"the file has {len(data):,} bytes, more than {MAX_BYTES:,}; keep its weights in another file")
    fields = packed = 0
    left = [(0, len(data), ModelProto.DESCRIPTOR, 0)]
    try:
        while left:
            index, last, message, depth = left.pop()
            if depth > MAX_DEPTH:
                raise LimitError(f"the file nests messages more than {MAX_DEPTH} deep; a network needs a few")
            kinds = _kinds(message)
            while index < last:
                fields += 1
                if fields > MAX_FIELDS:
                    raise LimitError(f"the file holds more than {MAX_FIELDS:,} entries; simplify it, or export a part")
                key = data[index]
                index += 1
                if key > 127:
                    key, index = _varint(data, index - 1)
                written = key & 7
                if written == _BYTES:
                    length = data[index]
                    index += 1
                    if length > 127:
                        length, index = _varint(data, index - 1)
                    inner = kinds.get(key >> 3)
                    if inner is not None:
                        left.append((index, index + length, inner, depth + 1))
                    elif (key >> 3) in kinds:
                        packed += length
                    index += length
                elif written == _NUMBER:
                    _, index = _varint(data, index)
                else:
                    index += _WIDTHS[written]
            if index != last:
                raise _broken()
    except (IndexError, KeyError) as error:
        raise _broken() from error
    if packed > MAX_PACKED:
        raise LimitError(f"the file writes more than {MAX_PACKED:,} bytes of numbers one by one; write them raw")


@cache
def _kinds(message: Any) -> dict[int, Any]:
    """The fields of a message that are looked into: others by their kind, whole numbers in a row as None."""
    return {
        field.number: field.message_type
        for field in message.fields
        if field.message_type is not None or field.cpp_type in _PACKED_WHOLE
    }


def _varint(data: bytes, index: int) -> tuple[int, int]:
    """A number of up to ten bytes of seven bits each, and where it ends."""
    value = shift = 0
    while shift < 70:
        byte = data[index]
        index += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, index
        shift += 7
    raise _broken()


def _broken() -> UserError:
    return UserError("the file is no ONNX file, or was cut short; export it again")
