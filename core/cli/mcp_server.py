"""The tools of :mod:`.cli.assistant` in the Model Context Protocol, over standard input and output."""

from typing import Any

import anyio
from anyio.to_thread import run_sync
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from ..errors import UserError
from .assistant import TOOLS, answered

_NAME = "receptive-fields"
_INSTRUCTIONS = (
    "Exact numbers about how convolutional networks and transformers read their input. Nothing is written. Numbers "
    "come from the architecture alone and promise no accuracy. What cannot be answered is told in one line."
)

Context = ServerRequestContext[Any, Any]


def serve(allow_code: bool) -> None:
    """Answers until standard input ends."""
    anyio.run(_served, _server(allow_code))


def _server(allow_code: bool) -> Server[Any]:
    one_at_a_time = anyio.CapacityLimiter(1)

    async def list_tools(context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=_tools(allow_code))

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        arguments = params.arguments or {}
        try:
            text, document = await run_sync(answered, params.name, arguments, allow_code, limiter=one_at_a_time)
        except UserError as error:
            return CallToolResult(content=[_text(" ".join(str(error).split()))], is_error=True)
        return CallToolResult(content=[_text(text)], structured_content=document)

    return Server(_NAME, instructions=_INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool)


def _tools(allow_code: bool) -> list[Tool]:
    return [
        Tool(
            name=name,
            title=tool.title,
            description=tool.description,
            input_schema=tool.input_schema,
            output_schema={"type": "object", "properties": {tool.first: {"type": "string"}}, "required": [tool.first]},
            annotations=ToolAnnotations(read_only_hint=not allow_code, idempotent_hint=True, open_world_hint=False),
        )
        for name, tool in TOOLS.items()
    ]


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)


async def _served(server: Server[Any]) -> None:
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
