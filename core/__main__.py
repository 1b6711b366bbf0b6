"""The command line: ``receptive-fields``, or in a checkout ``python -m core``.

Answers go to standard output, everything else to standard error. Exit status 0: answered; 1: answered, and ``check``
found something; 2: the request cannot be carried out, and one line says why; 130: stopped by Ctrl-C; 141: the reader
of the answer left.
"""

import difflib
import os
import sys
from collections.abc import Sequence

from .errors import UserError
from .program import PROGRAM, loaded

# Each command's module is loaded only when asked for: PyTorch, which erf, train and models need, takes seconds to load.
COMMANDS = {
    "paths": "how many paths lead from each input pixel to the outputs, exactly",
    "field": "how far the units of each layer see: the theoretical receptive field",
    "erf": "what a unit really looks at: the effective receptive field, measured in PyTorch",
    "check": "what is wrong with a design, with fixes that were applied and measured again",
    "tile": "how much tiles of an image must overlap so that nothing changes, proved on the model",
    "sizes": "which input sizes fit a design and divide evenly, and which stage sees which object whole",
    "coverage": "which models of the zoo are exact, and what stands in the way of the others",
    "stream": "how far a network looks back and ahead, how late it answers, and what it keeps between blocks",
    "search": "of a family of networks, those that do what is asked, and the best of them",
    "remedies": "what each remedy does to every imbalance, and what it costs, side by side",
    "atlas": "every model of the zoo, counted exactly at its own size, in one file",
    "mcp": "a server that answers a coding assistant in the Model Context Protocol",
    "train": "whether a small network, trained on the spot, misses the pixels that have few paths",
}
HELP = f"""\
usage: {PROGRAM} COMMAND [NETWORK or MODEL] [options]

commands:
{chr(10).join(f"  {name:<9} {summary}" for name, summary in COMMANDS.items())}

{PROGRAM} COMMAND --help explains a command and how a network is written, for example
  {PROGRAM} paths "15x15; conv k3 p1 x4"
  {PROGRAM} check timm:resnet50
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status and never raises for what a user can cause."""
    try:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="backslashreplace")  # a file's name need not fit the terminal's encoding
        status = _run(list(sys.argv[1:] if argv is None else argv))
        print(end="", flush=True)  # what cannot be written shows here, not as a traceback at exit
    except UserError as error:
        return _failed(str(error), 2)
    except KeyboardInterrupt:
        return _failed("stopped", 130)
    except BrokenPipeError:
        _drop_output()
        return 141
    except OSError as error:
        _drop_output()
        return _failed(f"the answer cannot be written: {error.strerror}", 2)
    return status


def _run(argv: list[str]) -> int:
    """The exit status of an answer."""
    if argv and argv[0] in ("-h", "--help"):
        print(HELP, end="")
        return 0
    known = ", ".join(COMMANDS)
    if not argv:
        raise UserError(f"a command is missing; give one of {known} ({PROGRAM} --help explains them)")
    if argv[0] not in COMMANDS:
        near = difflib.get_close_matches(argv[0], COMMANDS, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {known}"
        raise UserError(f"there is no command {argv[0]!r}; {hint}")
    command = loaded(f".cli.{argv[0]}", __package__)
    try:
        return int(command.run(argv[1:]) or 0)
    except SystemExit as ended:  # answered already: --help, --stage list
        return int(ended.code or 0)


def _failed(message: str, status: int) -> int:
    print(" ".join(message.splitlines()), file=sys.stderr)
    return status


def _drop_output() -> None:
    """Keeps the interpreter from writing at exit what could not be written before."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
