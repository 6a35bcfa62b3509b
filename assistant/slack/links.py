"""Where a citation is seen in its source: an address that Slack can link to, or none without a public address.

In: a `Citation` and the setting `base_url`. Out: the address of the source view, at the cited place.
"""

from urllib.parse import quote

from assistant.reply import Citation
from assistant.slack.blocks import shortened
from assistant.slack.texts import folded

_FIGURES = 8  # highlights that an address names
_TITLE = 100  # characters of a section's title


def source(citation: Citation, base_url: str) -> str:
    """The address of the cited place, empty where the assistant has no public address."""
    if not base_url.startswith(("https://", "http://")):
        return ""
    place = f"{citation.start}-{citation.end}"
    figures = "".join(f"&figure={figure.start}-{figure.end}" for figure in citation.highlights[:_FIGURES])
    label = quote(citation.label.id, safe="")
    return f"{base_url.rstrip('/')}/labels/{label}?cite={place}{figures}#c-{place}"


def place(citation: Citation) -> str:
    """Product, version, date, section and characters of a citation."""
    label = citation.label
    version = (label.name or label.id, label.version and f"version {label.version}", label.effective)
    parts = (", ".join(filter(None, version)), *map(_short, citation.section))
    page = f", page {citation.page}" if citation.page else ""
    return f"{' › '.join(folded(part) for part in parts if part)}{page} ({citation.start}–{citation.end})"


def _short(title: str) -> str:
    title = folded(title)
    return title if len(title) <= _TITLE else shortened(title, _TITLE)
