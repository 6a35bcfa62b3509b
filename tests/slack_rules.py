"""What Slack's reference states about messages, checked strictly and apart from the code under test.

Out: `problems`, everything that Slack would refuse in a list of blocks, or has been seen to refuse though it states no limit
(one table a message, some 13,000 characters a message). Sources: https://docs.slack.dev/reference/block-kit/blocks and
.../block-elements. Left out: blocks that the assistant doesn't use, which count as unknown.
"""

import json
from collections.abc import Iterator
from typing import Any

Block = dict[str, Any]
MESSAGE = 13_000  # characters of all blocks; refusals were reported from 13,172 on


def problems(blocks: Any) -> list[str]:
    """What is wrong, with the place of each."""
    return list(_message(blocks))


def _message(blocks: Any) -> Iterator[str]:
    if not isinstance(blocks, list) or not blocks:
        yield "blocks: no list, or an empty one"
        return
    if len(blocks) > 50:
        yield f"blocks: {len(blocks)} of at most 50"
    if len(json.dumps(blocks, ensure_ascii=False)) > MESSAGE:
        yield f"blocks: {len(json.dumps(blocks, ensure_ascii=False))} characters"
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield "blocks: only_one_table_allowed"
    markdown = sum(len(block.get("text", "")) for block in blocks if block.get("type") == "markdown")
    if markdown > 12_000:
        yield f"blocks: {markdown} characters of markdown"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "blocks: a block_id twice"
    for place, block in enumerate(blocks):
        check = _BLOCKS.get(block.get("type"))
        found = check(block) if check else ["unknown type"]
        yield from (f"blocks[{place}] {block.get('type')}: {problem}" for problem in found)


def _fields(value: Block, required: set[str], optional: set[str] = frozenset()) -> Iterator[str]:  # type: ignore[assignment]
    if not isinstance(value, dict):
        yield f"{value!r} is no object"
        return
    given = set(value) - {"type"}
    yield from (f"{name} is missing" for name in required - given)
    yield from (f"{name} is unknown" for name in given - required - optional)


def _text(value: Any, most: int, kinds: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield f"a text of type {value.get('type') if isinstance(value, dict) else value!r}"
        return
    yield from _fields(value, {"text"}, {"emoji"} if value["type"] == "plain_text" else {"verbatim"})
    yield from _length(value.get("text"), most, "text")


def _length(value: Any, most: int, name: str) -> Iterator[str]:
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        yield f"{name}: {len(value) if isinstance(value, str) else value!r} of 1 to {most} characters"


def _header(block: Block) -> Iterator[str]:
    yield from _fields(block, {"text"}, {"block_id"})
    yield from _text(block.get("text"), 150, ("plain_text",))


def _section(block: Block) -> Iterator[str]:
    yield from _fields(block, {"text"}, {"block_id", "expand"})
    yield from _text(block.get("text"), 3000, ("plain_text", "mrkdwn"))


def _divider(block: Block) -> Iterator[str]:
    yield from _fields(block, set(), {"block_id"})


def _context(block: Block) -> Iterator[str]:
    yield from _fields(block, {"elements"}, {"block_id"})
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 10:
        yield f"{len(elements)} elements of 1 to 10"
    for element in elements:
        yield from _text(element, 2000, ("plain_text", "mrkdwn"))


def _actions(block: Block) -> Iterator[str]:
    yield from _fields(block, {"elements"}, {"block_id"})
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        yield f"{len(elements)} elements of 1 to 25"
    ids = [element.get("action_id") for element in elements]
    if len(set(ids)) != len(ids):
        yield "an action_id twice"
    for element in elements:
        yield from _button(element)


def _button(element: Block) -> Iterator[str]:
    if element.get("type") != "button":
        yield f"a {element.get('type')} among the buttons"
    yield from _fields(element, {"text", "action_id"}, {"value", "url", "style", "accessibility_label"})
    yield from _text(element.get("text"), 75, ("plain_text",))
    yield from _length(element.get("action_id"), 255, "action_id")
    yield from _length(element.get("value", "-"), 2000, "value")
    yield from _length(element.get("accessibility_label", "-"), 75, "accessibility_label")


def _context_actions(block: Block) -> Iterator[str]:
    yield from _fields(block, {"elements"}, {"block_id"})
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 5:
        yield f"{len(elements)} elements of 1 to 5"
    for element in elements:
        if element.get("type") != "feedback_buttons":
            yield f"a {element.get('type')} among the feedback"
        yield from _fields(element, {"positive_button", "negative_button"}, {"action_id"})
        for name in ("positive_button", "negative_button"):
            button = element.get(name, {})
            yield from _fields(button, {"text", "value", "accessibility_label"})
            yield from _text(button.get("text"), 75, ("plain_text",))
            yield from _length(button.get("value"), 2000, "value")
            yield from _length(button.get("accessibility_label"), 75, "accessibility_label")


def _rich_text(block: Block) -> Iterator[str]:
    yield from _fields(block, {"elements"}, {"block_id"})
    if not block.get("elements"):
        yield "no elements"
    for element in block.get("elements", []):
        if element.get("type") not in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            yield f"an element of type {element.get('type')}"
        yield from _fields(element, {"elements"}, {"border"})
        if not element.get("elements"):
            yield "an element without elements"
        for part in element.get("elements", []):
            yield from _rich_part(part)


def _rich_part(part: Block) -> Iterator[str]:
    if part.get("type") == "link":
        yield from _fields(part, {"url", "text"}, {"style"})
        yield from _length(part.get("url"), 3000, "url")
        if not str(part.get("url")).startswith(("https://", "http://")):
            yield f"a link to {part.get('url')!r}"
    elif part.get("type") == "text":
        yield from _fields(part, {"text"}, {"style"})
    else:
        yield f"a part of type {part.get('type')}"
    yield from _length(part.get("text"), 3000, "text")
    if set(part.get("style", {})) - {"bold", "italic", "strike", "code"}:
        yield f"style {part['style']}"


def _table(block: Block) -> Iterator[str]:
    yield from _fields(block, {"rows"}, {"block_id", "column_settings"})
    rows = block.get("rows", [])
    if not 1 <= len(rows) <= 100:
        yield f"{len(rows)} rows of 1 to 100"
    if len({len(row) for row in rows}) > 1 or not all(1 <= len(row) <= 20 for row in rows):
        yield f"rows of {sorted({len(row) for row in rows})} cells"
    if len(block.get("column_settings", [])) > 20:
        yield "over 20 column settings"
    for setting in block.get("column_settings", []):
        yield from _fields(setting, set(), {"align", "is_wrapped"})
    total = 0
    for cell in (cell for row in rows for cell in row):
        if cell.get("type") == "raw_text":
            yield from _fields(cell, {"text"})
            yield from _length(cell.get("text"), 10_000, "cell")
            total += len(cell.get("text", ""))
        elif cell.get("type") == "rich_text":
            yield from _rich_text(cell)
            total += len(words([cell]))
        else:
            yield f"a cell of type {cell.get('type')}"
    if total > 10_000:
        yield f"{total} characters in all cells"


_BLOCKS = {
    "header": _header,
    "section": _section,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "rich_text": _rich_text,
    "table": _table,
}


def words(value: Any) -> str:
    """All the text that a person sees in blocks, in order, cells and lines apart."""
    return "\n".join(_words(value))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif isinstance(value, dict):
        if value.get("type") in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            yield "".join(part.get("text", "") for part in value["elements"])
        elif isinstance(value.get("text"), str):
            yield value["text"]
        else:
            for one in value.values():
                yield from _words(one)


def bold(blocks: list[Block]) -> list[str]:
    """What stands bold in rich text, in order."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for one in value:
                walk(one)
        elif isinstance(value, dict):
            if value.get("style", None) and isinstance(value["style"], dict) and value["style"].get("bold"):
                found.append(value["text"])
            else:
                for one in value.values():
                    walk(one)

    walk(blocks)
    return found
