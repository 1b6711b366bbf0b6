"""The numbers that a file holds: shapes at once, the numbers themselves when they are asked for."""

from dataclasses import dataclass
from math import prod

import torch
from onnx import TensorProto

from ...errors import LimitError, UserError

MAX_ELEMENTS = 2**31 - 1  # of one tensor, by its shape
MAX_READ = 2**26  # of one tensor whose numbers are read
MAX_RANK = 12

DTYPES: dict[int, torch.dtype] = {
    TensorProto.FLOAT: torch.float32,
    TensorProto.DOUBLE: torch.float64,
    TensorProto.FLOAT16: torch.float16,
    TensorProto.BFLOAT16: torch.bfloat16,
    TensorProto.INT64: torch.int64,
    TensorProto.INT32: torch.int32,
    TensorProto.INT16: torch.int16,
    TensorProto.INT8: torch.int8,
    TensorProto.UINT8: torch.uint8,
    TensorProto.BOOL: torch.bool,
}
_HELD: dict[int, str] = {  # where numbers lie that are not written as raw bytes
    TensorProto.FLOAT: "float_data",
    TensorProto.DOUBLE: "double_data",
    TensorProto.INT64: "int64_data",
}


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A tensor of the file."""

    tensor: TensorProto

    @property
    def shape(self) -> tuple[int, ...]:
        """Raises :class:`~.errors.UserError` for one that cannot be."""
        shape = tuple(self.tensor.dims)
        if len(shape) > MAX_RANK or any(side < 0 for side in shape):
            raise UserError(f"the file's tensor {self.tensor.name[:60]!r} has an impossible shape, {str(shape)[:60]}")
        if prod(shape) > MAX_ELEMENTS:
            raise LimitError(f"the file's tensor {self.tensor.name[:60]!r} would have {prod(shape):,} elements")
        return shape

    @property
    def dtype(self) -> torch.dtype:
        """Whole numbers of four bits and others that torch has no type for are taken as float32: they are weights."""
        return DTYPES.get(self.tensor.data_type, torch.float32)

    @property
    def held(self) -> int:
        """Bytes that it takes."""
        return int(self.tensor.ByteSize())

    def copied(self, whole: bool) -> "Numbers":
        """The same apart from the file, so that this can be let go; all of it, or its shape alone."""
        copy = TensorProto()
        if whole:
            copy.CopyFrom(self.tensor)
        else:
            copy.name, copy.data_type = self.tensor.name, self.tensor.data_type
            copy.dims.extend(self.tensor.dims)
            copy.data_location = TensorProto.EXTERNAL
        return Numbers(copy)

    def empty(self) -> torch.Tensor:
        """Its shape, on the meta device."""
        return torch.empty(self.shape, dtype=self.dtype, device="meta")

    def read(self) -> torch.Tensor | None:
        """The numbers; None where they lie in another file, are too many or of a type that torch has not."""
        tensor, count = self.tensor, prod(self.shape)
        if tensor.data_location == TensorProto.EXTERNAL or tensor.data_type not in DTYPES or count > MAX_READ:
            return None
        if not count:
            return torch.zeros(self.shape, dtype=self.dtype)
        if tensor.HasField("raw_data"):
            if len(tensor.raw_data) != count * self.dtype.itemsize:
                raise self._broken(f"{len(tensor.raw_data):,} bytes")
            return torch.frombuffer(bytearray(tensor.raw_data), dtype=self.dtype).reshape(self.shape)
        held = getattr(tensor, _HELD.get(tensor.data_type, "int32_data"))
        if len(held) != count:
            raise self._broken(f"{len(held):,} numbers")
        if tensor.data_type in (TensorProto.FLOAT16, TensorProto.BFLOAT16):  # as the bits of whole numbers
            bits = torch.tensor([((bits & 0xFFFF) ^ 0x8000) - 0x8000 for bits in held], dtype=torch.int16)
            return bits.view(self.dtype).reshape(self.shape)
        return torch.tensor(list(held)).to(self.dtype).reshape(self.shape)

    def _broken(self, held: str) -> UserError:
        shape = "x".join(map(str, self.shape)) or "one number"
        return UserError(f"the file's tensor {self.tensor.name[:60]!r} is to be {shape} and holds {held}")
