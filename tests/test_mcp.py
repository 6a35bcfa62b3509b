"""The MCP server, asked by the official client: in process, by standard input and output, and over HTTP."""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from mcp import Client, MCPError, StdioServerParameters
from mcp.types import CallToolResult

from assistant.assembly import Assistant
from assistant.cli import serving
from assistant.mcp_server import http_app, server
from assistant.reply import as_json

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
LABEL = "besponsa-pediatric-safety"
QUESTION = "VOD rate after HSCT in children?"
TOOLS = ["ask_label", "search_label", "get_section", "get_table_row"]


def ask(target: Any, what: Callable[[Client], Awaitable[Any]]) -> Any:
    """Do something with a client of a server."""

    async def run() -> Any:
        async with Client(target) as client:
            return await what(client)

    return asyncio.run(run())


def refused(target: Any, what: Callable[[Client], Awaitable[Any]]) -> MCPError:
    """The protocol error that something ends in."""
    with pytest.raises(BaseExceptionGroup) as caught:
        ask(target, what)
    error: BaseException = caught.value
    while isinstance(error, BaseExceptionGroup):
        (error,) = error.exceptions
    assert isinstance(error, MCPError)
    return error


def call(target: Any, tool: str, **arguments: Any) -> CallToolResult:
    result: CallToolResult = ask(target, lambda client: client.call_tool(tool, arguments))
    return result


def content(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


@pytest.fixture(scope="module")
def target(real_assistant: Assistant) -> Any:
    return server(real_assistant)


@pytest.fixture(scope="module")
def stdio(real_index: Path) -> StdioServerParameters:
    command = ["-m", "assistant.cli", "mcp", "--index", str(real_index)]
    return StdioServerParameters(
        command=sys.executable, args=command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)} | os.environ
    )


@pytest.fixture(scope="module")
def url(real_assistant: Assistant) -> Iterator[str]:
    with serving.listening("127.0.0.1", 0) as taken:
        running = uvicorn.Server(uvicorn.Config(http_app(real_assistant, "127.0.0.1", ""), log_level="warning"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [taken]})
        thread.start()
        while not running.started:
            time.sleep(0.02)
        yield f"{serving.address(taken)}/mcp"
        running.should_exit = True
        thread.join()


def test_every_tool_is_read_only_and_says_what_it_gives(target: Any) -> None:
    tools = ask(target, lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == TOOLS
    assert {tool.annotations.read_only_hint for tool in tools} == {True}
    assert [tool.name for tool in tools if not tool.output_schema or not tool.description or not tool.title] == []


def test_asking_gives_the_reply_of_the_contract(target: Any, real_assistant: Assistant) -> None:
    found = content(call(target, "ask_label", question="and in adults?", history=["VOD rate in children?"], limit=3))
    own = as_json(real_assistant.ask("and in adults?", history=["VOD rate in children?"], limit=3))
    varying = {"conversation_id", "turn_id", "elapsed_ms"}
    assert {name: value for name, value in found.items() if name not in varying} == {
        name: value for name, value in own.items() if name not in varying
    }
    assert found["headline"]["text"] == "14% (23/164)"


def test_searching_gives_verbatim_passages(target: Any, real_assistant: Assistant) -> None:
    found = content(call(target, "search_label", query=QUESTION, labels=["BESPONSA"], limit=4))["citations"]
    text = real_assistant.label(LABEL).text
    assert len(found) == 4
    assert [text[one["start"] : one["end"]] for one in found] == [one["quote"] for one in found]


def test_a_section_is_given_whole_and_verbatim(target: Any, real_assistant: Assistant) -> None:
    label = real_assistant.label(LABEL)
    section = next(one for one in label.sections if one.end - one.start > 300 and one.title)
    found = content(call(target, "get_section", label=LABEL, section=section.title))
    assert (found["text"], found["next"]) == (label.text[section.start : section.end], None)
    later = content(call(target, "get_section", label=LABEL, section=section.title, start=section.start + 100))
    assert later["text"] == label.text[section.start + 100 : section.end]


def test_a_row_comes_with_its_heads_and_notes(target: Any, real_assistant: Assistant) -> None:
    (found, *_) = content(call(target, "get_table_row", label="BESPONSA", row="pyrexia"))["citations"]
    table = found["table"]
    assert (table["row_label"], table["values"]) == ("Pyrexia", ["49", "4"])
    assert len(table["columns"]) == 2
    assert table["caption"]
    assert real_assistant.label(LABEL).text[found["start"] : found["end"]] == found["quote"]


def test_labels_are_resources(target: Any, real_assistant: Assistant) -> None:
    listed = ask(target, lambda client: client.list_resources()).resources
    assert [str(one.uri) for one in listed] == [f"label://{LABEL}/text", f"label://{LABEL}/outline"]
    text = ask(target, lambda client: client.read_resource(f"label://{LABEL}/text")).contents[0].text
    assert text == real_assistant.label(LABEL).text
    outline = json.loads(ask(target, lambda client: client.read_resource(f"label://{LABEL}/outline")).contents[0].text)
    assert outline["label"]["name"] == "BESPONSA"
    assert len(outline["sections"]) == len(real_assistant.label(LABEL).sections)


def test_a_label_goes_by_its_name_too(target: Any, real_assistant: Assistant) -> None:
    text = ask(target, lambda client: client.read_resource("label://BESPONSA/text")).contents[0].text
    assert text == real_assistant.label(LABEL).text


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("zap", {}, "There is no tool 'zap'. Tools are ask_label, search_label, get_section, get_table_row."),
        ("ask_label", {}, "ask_label: question: Field required."),
        ("ask_label", {"question": 7}, "ask_label: question: Input should be a valid string."),
        ("ask_label", {"question": "x", "limit": 21}, "ask_label: limit: Input should be less than or equal to 20."),
        ("ask_label", {"question": "x", "zap": 1}, "ask_label takes no 'zap'. It takes question, history, labels, limit."),
        ("get_section", {"label": LABEL, "section": "x", "start": -1},
         "get_section: start: Input should be greater than or equal to 0."),
    ],
)  # fmt: skip
def test_a_malformed_call_is_a_protocol_error(target: Any, tool: str, arguments: dict[str, Any], message: str) -> None:
    error = refused(target, lambda client: client.session.send_request(_request(tool, arguments), CallToolResult))
    assert (error.code, error.message) == (-32602, message)


def _request(tool: str, arguments: dict[str, Any]) -> Any:
    from mcp.types import CallToolRequest, CallToolRequestParams

    return CallToolRequest(params=CallToolRequestParams(name=tool, arguments=arguments))


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("ask_label", {"question": " "}, "question: is empty. Ask something, in 1 to 2,000 characters."),
        ("ask_label", {"question": "x", "labels": ["zap"]},
         f"labels: label 'zap' is not indexed. Use one of {LABEL}."),
        ("get_table_row", {"label": LABEL, "row": "zap"}, "row: 'zap' is no row of BESPONSA's tables."),
        ("get_section", {"label": LABEL, "section": "zap"}, "section: 'zap' is no section of BESPONSA."),
    ],
)  # fmt: skip
def test_what_can_not_be_answered_is_a_tool_error_in_one_line(
    target: Any, tool: str, arguments: dict[str, Any], message: str
) -> None:
    result = call(target, tool, **arguments)
    assert result.is_error
    said = result.content[0].text  # type: ignore[union-attr]
    assert said.startswith(f"Error executing tool {tool}: {message}")
    assert "Traceback" not in said
    assert "\n" not in said


def test_an_unknown_resource_is_a_protocol_error(target: Any) -> None:
    error = refused(target, lambda client: client.read_resource("label://zap/text"))
    assert (error.code, error.message) == (-32602, f"labels: label 'zap' is not indexed. Use one of {LABEL}.")


def test_a_fault_of_ours_is_told_without_its_cause(target: Any, real_assistant: Assistant) -> None:
    class Failing:
        def __getattr__(self, name: str) -> Any:
            return getattr(real_assistant, name)

        def ask(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("secret cause")

    result = call(server(Failing()), "ask_label", question="x")
    assert result.is_error
    assert result.content[0].text == "Error executing tool ask_label"  # type: ignore[union-attr]


def test_by_standard_input_and_output(stdio: StdioServerParameters) -> None:
    async def everything(client: Client) -> tuple[list[str], list[bool]]:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        calls = [
            await client.call_tool("ask_label", {"question": QUESTION}),
            await client.call_tool("search_label", {"query": QUESTION}),
            await client.call_tool("get_section", {"label": LABEL, "section": "Hepatotoxicity"}),
            await client.call_tool("get_table_row", {"label": LABEL, "row": "Pyrexia"}),
        ]
        return tools, [call.is_error for call in calls]

    assert ask(stdio, everything) == (TOOLS, [False] * 4)


def test_over_http(url: str) -> None:
    assert [tool.name for tool in ask(url, lambda client: client.list_tools()).tools] == TOOLS
    assert content(call(url, "ask_label", question=QUESTION))["headline"]["text"] == "19% (n=5)"


def test_over_http_a_strange_host_or_origin_is_refused(url: str) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Accept": "application/json, text/event-stream"}
    assert httpx.post(url, json=body, headers=headers | {"Host": "evil.example"}).status_code == 421
    assert httpx.post(url, json=body, headers=headers | {"Origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize("body", ["{", "[]", '{"jsonrpc": "1.0"}', '{"jsonrpc": "2.0", "id": 1, "method": "zap/zap"}'])
def test_over_http_what_is_no_request_gets_an_error_of_the_protocol(url: str, body: str) -> None:
    headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    answered = httpx.post(url, content=body, headers=headers)
    assert answered.json()["error"]["code"] in (-32700, -32600, -32601, -32602)
    assert "Traceback" not in answered.text
