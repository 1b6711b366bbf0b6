"""A file as a model that can be traced; it has no numbers to run with."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import LimitError, UserError
from ..sources.model import LAST_MAP, Model, checked_size
from .activations import with_activations
from .feeding import Feeding
from .file import OnnxFile, read
from .module import OnnxModule
from .wire import MAX_BYTES

NO_NUMBERS = (
    "an ONNX file is counted and not run: its effective field, and whatever else needs a live model, is to be asked of "
    "the PyTorch model that it was exported from"
)


def onnx_model(name: str, file: OnnxFile, size: tuple[int, ...]) -> Model:
    """The model of a file, on an input of ``size``, which may leave out what the file fixes.

    Raises :class:`~.errors.UserError`, its message beginning with ``name``.
    """
    with _naming(name):
        feeding = Feeding.of(file)
        whole = checked_size(feeding.bound(size))

    def make() -> OnnxModule:
        with _naming(name):
            return OnnxModule(file, feeding)

    return Model(name, whole, make, stage=LAST_MAP, not_live=NO_NUMBERS)


def named_file(name: str, data: bytes) -> OnnxFile:
    """What is read of a file's bytes; raises :class:`~.errors.UserError`, its message beginning with ``name``."""
    with _naming(name):
        return with_activations(read(data))


def file_at(path: str) -> OnnxFile:
    """The file of the user's at a path; raises :class:`~.errors.UserError` where there is none to read."""
    try:
        if Path(path).stat().st_size > MAX_BYTES:
            raise LimitError(f"{path} has more than {MAX_BYTES:,} bytes; keep its weights in another file")
        data = Path(path).read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from error
    return named_file(path, data)


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """What is refused begins with the file's name."""
    try:
        yield
    except UserError as error:
        raise type(error)(f"{name}: {error}") from error
