"""Label documents in, `Label`s out: one module a format, recognised from the content, never from the file's name.

    page       flattened web text: menus, glued headings, tables without markup
    plain      plain text with numbered headings and fixed-width tables
    spl        SPL XML (HL7 v3), as FDA publishes labels
    html       web pages: DailyMed's and companies'
    pdf        prescribing information as it is printed
    openfda    label JSON as the openFDA interface gives it

`read` takes the bytes through the right one and adds what every format needs: kinds of sections, abbreviations, checks.
"""

from dataclasses import replace
from pathlib import Path

from assistant.errors import UnreadableLabel
from assistant.label import Label, Section
from assistant.reading import archive, checks, definitions
from assistant.reading.decoding import decode, digest
from assistant.reading.page import read_page
from assistant.reading.source import Source
from assistant.standard import section_kind

VERSION = "8"  # of what reading makes of a file: raised when an unchanged file reads otherwise
_UNKNOWN = {  # formats that hold text, but not as labels are published
    b"PK\x03\x04": ("an archive or office document", "Unpack it, or save it as PDF or text"),
    b"\xd0\xcf\x11\xe0": ("an office document", "Save it as PDF or text"),
    b"{\\rtf": ("rich text", "Save it as PDF or text"),
    b"<?xml": ("XML, but no SPL document", "Give an SPL document: <document xmlns='urn:hl7-org:v3'>"),
}


def read(path: Path, source: Source | None = None) -> Label:
    """One label file as a Label; raises UnreadableLabel naming file, trouble and remedy."""
    source = source or Source(file=path.name)
    content = archive.content(path)
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
    """The label by the format that the bytes show; raises UnreadableLabel for one that is none of them."""
    from assistant.reading import html, openfda, pdf, plain, spl  # subtle: only where a document needs them

    if pdf.is_pdf(content):
        return pdf.read_pdf(content, source)
    if html.is_html(content):
        return html.read_html(content, source)
    if spl.is_spl(content):
        return spl.read_spl(content, source)
    if openfda.is_openfda(content):
        return openfda.read_openfda(content, source)
    _refuse_unknown(content, source.file)
    if plain.is_plain_label(decode(content, source.file)):
        return plain.read_plain(content, source)
    return read_page(content, source)


def _refuse_unknown(content: bytes, file: str) -> None:
    for opening, (name, remedy) in _UNKNOWN.items():
        if content.lstrip().startswith(opening):
            raise UnreadableLabel(f"is {name}", place=file, remedy=remedy)


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
