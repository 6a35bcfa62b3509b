"""Tabs and accordions: which part of a page each title opens, wherever the title stands.

In: the root of a page. Out: `panels`, the title of each panel by the panel; the titles are taken off the places where
they were printed. Left out: what stands in a panel (`html_pieces`).
"""

from lxml import etree

from assistant.reading.html_elements import paragraph
from assistant.reading.html_outline import words
from assistant.reading.html_prune import drop

_LONGEST = 200  # characters of a title
_TOGGLES = frozenset(("tab", "collapse", "pill", "accordion"))
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def panels(root: etree._Element) -> dict[etree._Element, etree._Element]:
    """Panels with their titles, as paragraphs of SPL text."""
    by_id = {
        element.get("id", ""): element for element in root.iter() if isinstance(element.tag, str) and element.get("id")
    }
    labelled = {panel.get("aria-labelledby", ""): panel for panel in reversed(by_id.values())}
    found: dict[etree._Element, etree._Element] = {}
    for control in list(root.iter()):
        panel = _controlled(control, by_id, labelled)
        if (
            panel is None
            or panel in found
            or not 0 < len(words(control)) <= _LONGEST
            or any(above is panel for above in (control, *control.iterancestors()))
        ):
            continue
        heading = _heading_of(control)
        if not _begins_with(panel, words(control)):
            found[panel] = paragraph(control)
        drop(control if heading is None else heading)
    return found


def _controlled(
    control: etree._Element, by_id: dict[str, etree._Element], labelled: dict[str, etree._Element]
) -> etree._Element | None:
    """The panel that an element opens: it is a tab, or a button that unfolds something."""
    if not isinstance(control.tag, str) or control.tag in ("html", "body", "table"):
        return None
    toggle = control.get("data-toggle", control.get("data-bs-toggle", ""))
    opens = (
        control.get("role") == "tab" or control.tag == "button" or control.get("aria-expanded") or toggle in _TOGGLES
    )
    if not opens:
        return None
    named = (
        control.get("aria-controls", ""),
        *(control.get(name, "").removeprefix("#") for name in ("data-target", "data-bs-target")),
        control.get("href", "").removeprefix("#") if control.get("href", "").startswith("#") else "",
    )
    by_name = next((by_id[name] for name in named if name in by_id), None)
    return by_name if by_name is not None else labelled.get(control.get("id") or "-")


def _heading_of(control: etree._Element) -> etree._Element | None:
    """The heading of which a control is all the text."""
    for above in control.iterancestors(*_HEADINGS):
        return above if words(above) == words(control) else None
    return None


def _begins_with(panel: etree._Element, title: str) -> bool:
    """Whether the panel's first words are a heading that says the same."""
    first = next(panel.iter(*_HEADINGS), None)
    return first is not None and words(first) == title and words(panel).startswith(title)
