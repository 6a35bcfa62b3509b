"""Label documents in, `Label`s out: one module a format, recognised from the content, never from the file's name.

    page       flattened web text: menus, glued headings, tables without markup
    plain      plain text with numbered headings and fixed-width tables
    spl        SPL XML (HL7 v3), as FDA publishes labels
    html, pdf, openfda

`read` takes the bytes through the right one and adds what every format needs: kinds of sections, abbreviations, checks.
"""

from dataclasses import replace
from pathlib import Path

from assistant.errors import UnreadableLabel
from assistant.label import Label, Section
from assistant.reading import checks, definitions
from assistant.reading.decoding import decode, digest
from assistant.reading.page import read_page
from assistant.reading.source import Source
from assistant.standard import section_kind

VERSION = "1"  # of what reading makes of a file: raised when an unchanged file reads otherwise
LARGEST = 200 * 1024 * 1024  # bytes of one label file


def read(path: Path, source: Source | None = None) -> Label:
    """One label file as a Label; raises UnreadableLabel naming file, trouble and remedy."""
    source = source or Source(file=path.name)
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableLabel(
                f"is {path.stat().st_size} bytes long, more than {LARGEST}", place=str(path), remedy="Split the file"
            )
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableLabel(
            f"can't be read: {reason}", place=str(path), remedy="Check the path and its permissions"
        ) from error
    if source.sha256 and digest(content) != source.sha256:
        raise UnreadableLabel(
            f"has sha256 {digest(content)}, but labels.toml says {source.sha256}",
            place=str(path),
            remedy="Restore the file, or correct labels.toml if the change is meant",
        )
    return read_bytes(content, source)


def read_bytes(content: bytes, source: Source) -> Label:
    """A label's bytes as a Label."""
    return finish(_reader(content, source))


def _reader(content: bytes, source: Source) -> Label:
    from assistant.reading import plain, spl  # subtle: lxml is imported only where a document needs it

    if spl.is_spl(content):
        return spl.read_spl(content, source)
    text = decode(content, source.file)
    if plain.is_plain_label(text):
        return plain.read_plain(content, source)
    return read_page(content, source)


def finish(label: Label) -> Label:
    """The label with kinds of sections, abbreviations and checks: what doesn't depend on the format."""
    label = replace(label, sections=_kinds(label.sections), definitions=definitions.find(label.text, label.blocks))
    return replace(label, findings=checks.findings(label))


def _kinds(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Each section with its kind, its parent's where it has none of its own."""
    done: list[Section] = []
    for section in sections:
        kind = section_kind(section.number, section.code, section.title)
        if not kind and section.parent is not None:
            kind = done[section.parent].kind
        done.append(replace(section, kind=kind))
    return tuple(done)
