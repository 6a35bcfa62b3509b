"""Labels for agents: the Model Context Protocol (https://modelcontextprotocol.io), by standard input or streamable HTTP.

In: an `Engine`. Out: `serve_stdio`, `http_app` and `server`, with read-only tools (`ask_label`, `search_label`,
`get_section`, `get_table_row`) whose structured output is the reply contract's, and each label's text and outline as
resources. A malformed call is a protocol error, one that can't be answered a tool error; both in one line, and a fault of
ours without its cause. Left out: anything that writes, and sign-in.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import urlsplit

from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.server.mcpserver.resources import FunctionResource
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import INVALID_PARAMS, ToolAnnotations
from pydantic import Field, RootModel, ValidationError
from starlette.applications import Starlette

from assistant.answering.citing import cite
from assistant.errors import AssistantError, BadRequest, UnknownLabel
from assistant.label import Label, Section
from assistant.passage import Passage
from assistant.reply import Citation, CitedLabel, Reply
from assistant.words import fold

_LISTED = 200  # labels listed as resources; any other is read by its address
_SECTION = 20_000  # characters of a section given at once
_ROWS = 20  # rows given at once
_LOCAL = ["127.0.0.1:*", "localhost:*", "[::1]:*"]
_Found = TypeVar("_Found")

Question = Annotated[str, Field(description="1 to 2,000 characters, as one would ask a pharmacist")]
Labels = Annotated[
    list[str] | None, Field(description="look only in these: label ids, set ids or product names; null for all")
]
LabelName = Annotated[str, Field(description="a label's id, set id or product name")]
Limit = Annotated[int, Field(ge=1, le=20, description="most citations")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionText:
    """A section's text, verbatim: `text[start:end]` of the label's source."""

    label: CitedLabel
    section: tuple[str, ...]  # the titles from the outermost section down
    start: int
    end: int  # of what is given here
    text: str
    next: int | None  # ask again with this `start` for the rest; null where nothing is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """Passages of labels, best first."""

    citations: tuple[Citation, ...]


# subtle: the SDK derives no schema from a dataclass with slots, pydantic does.
class ReplyOut(RootModel[Reply]):
    """The reply contract's reply."""


class SectionOut(RootModel[SectionText]):
    """A section's text."""


class PassagesOut(RootModel[Passages]):
    """Passages of labels."""


class _Index(Protocol):
    def passages_of(self, label: str) -> list[Passage]: ...


class Engine(Protocol):
    """What agents ask of an assistant; synchronous and safe to call from several threads."""

    @property
    def index(self) -> _Index:
        """The labels' passages."""
        ...

    def ask(
        self, question: str, *, history: Sequence[str] = (), labels: Sequence[str] | None = None, limit: int = 5
    ) -> Reply:
        """One question to one reply."""
        ...

    def candidates(
        self, question: str, history: Sequence[str] = (), labels: Sequence[str] | None = None, limit: int = 5
    ) -> tuple[Citation, ...]:
        """The best passages for a question."""
        ...

    def labels(self) -> Sequence[Label]:
        """Every indexed label."""
        ...

    def label(self, label: str) -> Label:
        """The label of that id, set id or product name."""
        ...


def server(engine: Any) -> MCPServer[Any]:
    """The server, ready for any transport."""
    checked: Engine = engine
    made = _Server(
        "label-assistant",
        title="Label Assistant",
        description="Answers questions about U.S. drug labels by quoting them.",
        instructions=_INSTRUCTIONS,
        log_level="WARNING",
    )
    _add_asking(made, checked)
    _add_reading(made, checked)
    _add_resources(made, checked)
    return made


def serve_stdio(engine: Any) -> None:
    """Serve on standard input and output until they end."""
    server(engine).run("stdio")


def http_app(engine: Any, host: str, base_url: str) -> Starlette:
    """The application that serves streamable HTTP at /mcp; only under addresses of its own, against DNS rebinding."""
    own = urlsplit(base_url)
    security = TransportSecuritySettings(
        allowed_hosts=[*_LOCAL, host, f"{host}:*", *([own.netloc] if own.netloc else [])],
        allowed_origins=[
            *(f"http://{one}" for one in _LOCAL),
            *([f"{own.scheme}://{own.netloc}"] if own.netloc else []),
        ],
    )
    return server(engine).streamable_http_app(stateless_http=True, json_response=True, transport_security=security)


class _Server(MCPServer[Any]):
    """An MCPServer that answers a malformed call with a protocol error."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None) -> Any:
        """Call a tool; MCPError where there is none, or where its arguments are not those of its schema."""
        tools = {tool.name: tool for tool in await self.list_tools()}
        if name not in tools:
            raise MCPError(INVALID_PARAMS, f"There is no tool {name[:100]!r}. Tools are {', '.join(tools)}.")
        known = tools[name].input_schema.get("properties", {})
        strange = sorted(set(arguments) - set(known))
        if strange:
            raise MCPError(INVALID_PARAMS, f"{name} takes no {strange[0][:100]!r}. It takes {', '.join(known)}.")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if not isinstance(error.__cause__, ValidationError):
                raise
            raise MCPError(INVALID_PARAMS, _first_problem(name, error.__cause__)) from error


def _first_problem(name: str, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    return f"{name}: {'.'.join(map(str, first['loc'])) or 'arguments'}: {first['msg']}."


_READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_INSTRUCTIONS = (
    "Every quote is a U.S. drug label's own text: text[start:end] of the resource label://{label}/text. Show quotes and "
    "figures as they stand, with their population, arm and section. kind no_answer means that the label does not say; "
    "its nearest passages are not an answer. Pass notices on. Nothing here is advice on a patient."
)


def _add_asking(made: MCPServer[Any], engine: Engine) -> None:
    @made.tool(annotations=_READ_ONLY, title="Ask a label")
    def ask_label(
        question: Question,
        history: Annotated[
            list[str], Field(max_length=20, description="earlier questions of this conversation, oldest first")
        ] = [],  # noqa: B006
        labels: Labels = None,
        limit: Limit = 5,
    ) -> ReplyOut:
        """Answer a question by quoting drug labels: headline figure, verbatim statements, citations, notices. Says so where
        the label does not answer, and asks back where the question is unclear."""
        return ReplyOut(_told(lambda: engine.ask(question, history=history, labels=labels, limit=limit)))

    @made.tool(annotations=_READ_ONLY, title="Search labels")
    def search_label(query: Question, labels: Labels = None, limit: Limit = 5) -> PassagesOut:
        """The passages of drug labels nearest to a query, best first, whether or not they answer it."""
        found = _told(lambda: engine.candidates(query, labels=labels, limit=limit))
        return PassagesOut(Passages(citations=found))


def _add_reading(made: MCPServer[Any], engine: Engine) -> None:
    @made.tool(annotations=_READ_ONLY, title="Read a section")
    def get_section(
        label: LabelName,
        section: Annotated[str, Field(description="its number, as 5.1, or its title or part of it")],
        start: Annotated[int | None, Field(ge=0, description="go on from here: `next` of the answer before")] = None,
    ) -> SectionOut:
        """A section of a drug label, verbatim, its subsections included; long ones in parts."""
        return SectionOut(_told(lambda: _section_text(engine.label(label), section, start)))

    @made.tool(annotations=_READ_ONLY, title="Read table rows")
    def get_table_row(
        label: LabelName,
        row: Annotated[str, Field(description="the row's label, as Nausea, or part of it")],
        table: Annotated[str | None, Field(description="words of the table's caption; null for all tables")] = None,
    ) -> PassagesOut:
        """Rows of a drug label's tables with caption, header path of each value, row group, n and footnotes."""
        found = _told(lambda: _rows(engine, engine.label(label), row, table))
        return PassagesOut(Passages(citations=found))


def _told(work: Callable[[], _Found]) -> _Found:
    """What was found; ToolError in one line for what can't be answered."""
    try:
        return work()
    except AssistantError as error:
        raise ToolError(str(error)) from error


def _section_text(label: Label, name: str, start: int | None) -> SectionText:
    place = _section_place(label, name)
    section = label.sections[place]
    at = section.start if start is None else start
    if not section.start <= at < section.end:
        allowed = f"Allowed are {section.start} to {section.end - 1}"
        raise BadRequest(f"{at} lies outside the section", place="start", remedy=allowed)
    end = min(section.end, at + _SECTION)
    return SectionText(
        label=_cited(label),
        section=tuple(part for part in label.path(place) if part),
        start=at,
        end=end,
        text=label.text[at:end],
        next=end if end < section.end else None,
    )


def _section_place(label: Label, name: str) -> int:
    """The section of that number or title; the full text before its excerpt in Highlights."""
    wanted = fold(name)
    order = sorted(range(len(label.sections)), key=lambda place: (label.sections[place].highlights, place))
    for fits in (_is_number(name), _is_title(wanted), _holds(wanted)):
        for place in order:
            if wanted and fits(label.sections[place]):
                return place
    titles = ", ".join(f"{one.number} {one.title}".strip() for one in label.sections[:20])
    raise BadRequest(f"{name[:100]!r} is no section of {label.name}", place="section", remedy=f"It has {titles}")


def _is_number(name: str) -> Callable[[Section], bool]:
    return lambda section: bool(section.number) and section.number.rstrip(".") == name.strip().rstrip(".")


def _is_title(wanted: str) -> Callable[[Section], bool]:
    return lambda section: wanted in (fold(section.title), fold(f"{section.number} {section.title}"))


def _holds(wanted: str) -> Callable[[Section], bool]:
    return lambda section: wanted in fold(section.title)


def _rows(engine: Engine, label: Label, name: str, caption: str | None) -> tuple[Citation, ...]:
    """The rows of that label, else those whose label holds the name."""
    passages = [one for one in engine.index.passages_of(label.id) if one.table is not None and one.row is not None]
    cited = [cite(one, label, None, number=number) for number, one in enumerate(passages, 1)]
    rows = [(fold(one.table.row_label), one) for one in cited if one.table and _is_under(one.table.caption, caption)]
    wanted = fold(name)
    found = [one for said, one in rows if said == wanted] or [one for said, one in rows if wanted and wanted in said]
    if not found:
        labels = ", ".join(dict.fromkeys(one.table.row_label for _, one in rows[:20] if one.table))
        remedy = f"Rows are {labels}" if labels else "See label://{label}/outline for its tables"
        raise BadRequest(f"{name[:100]!r} is no row of {label.name}'s tables", place="row", remedy=remedy)
    return tuple(found[:_ROWS])


def _is_under(caption: str, wanted: str | None) -> bool:
    return all(word in fold(caption) for word in fold(wanted or "").split())


def _add_resources(made: MCPServer[Any], engine: Engine) -> None:
    for label in engine.labels()[:_LISTED]:
        for kind, mime, read in _RESOURCES:
            made.add_resource(
                FunctionResource.from_function(
                    fn=_reader(read, engine, label.id),
                    uri=f"label://{label.id}/{kind}",
                    name=f"{label.id}-{kind}",
                    title=f"{label.name}: {kind}",
                    mime_type=mime,
                )
            )
    for kind, mime, read in _RESOURCES:
        made.resource(f"label://{{label}}/{kind}", name=f"label-{kind}", mime_type=mime)(_template(read, engine))


def _reader(read: Callable[[Label], str], engine: Engine, label: str) -> Callable[[], str]:
    return lambda: read(engine.label(label))


def _template(read: Callable[[Label], str], engine: Engine) -> Callable[[str], str]:
    def resource(label: str) -> str:
        try:
            return read(engine.label(label))
        except UnknownLabel as error:
            raise ResourceNotFoundError(str(error)) from error

    return resource


def _text(label: Label) -> str:
    """The source text that every quote is a slice of."""
    return label.text


def _outline(label: Label) -> str:
    """Sections and tables of a label, as JSON."""
    sections = [
        {"section": list(label.path(place)), "start": one.start, "end": one.end}
        for place, one in enumerate(label.sections)
    ]
    tables = [
        {
            "caption": one.caption,
            "columns": [list(column.header) for column in one.columns],
            "rows": [row.label for row in one.rows],
            "start": one.start,
            "end": one.end,
        }
        for one in label.tables
    ]
    about = {"id": label.id, "name": label.name, "version": label.version, "effective": label.effective}
    return json.dumps({"label": about, "sections": sections, "tables": tables}, ensure_ascii=False, indent=1)


_RESOURCES: Iterable[tuple[str, str, Callable[[Label], str]]] = (
    ("text", "text/plain", _text),
    ("outline", "application/json", _outline),
)


def _cited(label: Label) -> CitedLabel:
    return CitedLabel(
        id=label.id, name=label.name, version=label.version, effective=label.effective, sha256=label.sha256
    )
