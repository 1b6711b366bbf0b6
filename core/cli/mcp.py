"""The command ``mcp``: a server that answers a coding assistant, until it hangs up."""

from ..program import loaded
from .arguments import Parser

_NOTES = """\
It speaks the Model Context Protocol over standard input and output, and is started by the assistant. Its tools answer
paths, field, check, tile and stream of a design, and search of a space of designs. Nothing is written. Designs are
texts: networks, presets, models of timm and torchvision, and pasted layers, which are read and not run; own code
(my.py:build) only with --allow-code.
"""


def run(argv: list[str]) -> None:
    """Serves until standard input ends."""
    question = "A server that answers a coding assistant in the Model Context Protocol."
    parser = Parser("mcp", question, "--allow-code", _NOTES, subject=False, documents=False)
    parser.add_argument("--allow-code", action="store_true", help="open own code as well, which runs it")
    arguments = parser.parse_args(argv)
    loaded(".mcp_server", __package__).serve(arguments.allow_code)
