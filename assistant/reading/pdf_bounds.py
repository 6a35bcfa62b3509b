"""Bounds on what a PDF may ask of its parser, which has none of its own.

In: a page. Out: `laid_out`, which reads it with a count of everything that costs time or memory: bytes of content, with
forms drawn within forms counted each time, characters, paths. Streams are unpacked up to `LARGEST_STREAM` bytes. Left
out: what stands on the page (`pdf_pages`).
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pdfminer import pdftypes
from pdfminer.lzw import LZWDecoder
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.runlength import rldecode
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

LARGEST_STREAM = 24 * 1024 * 1024  # bytes, unpacked
MOST_CONTENT = 4 * 1024 * 1024  # bytes of drawing on one page; printed labels have about 0.1 of a million
MOST_CHARACTERS = 60_000  # of one page
MOST_PATHS = 20_000  # of one page
_FORM = 1_000  # bytes that drawing a form counts for at least
_LARGEST_RUNS = LARGEST_STREAM // 128  # bytes packed by run lengths, which grow by 128 at most


class TooMuch(PDFException):
    """A file asks for more than any label needs."""


class _Unpacker:
    """What pdfminer uses of `zlib`, bounded."""

    error = zlib.error

    def decompress(self, data: bytes) -> bytes:
        """All that can be unpacked, of a damaged stream what comes before the damage."""
        unpacking, done = zlib.decompressobj(), bytearray()
        try:
            for start in range(0, len(data), 65536):
                done += unpacking.decompress(data[start : start + 65536], LARGEST_STREAM + 1 - len(done))
                if len(done) > LARGEST_STREAM:
                    raise TooMuch(f"a stream unpacks to more than {LARGEST_STREAM} bytes")
        except zlib.error:
            pass  # as pdfminer does: what was unpacked so far is shown
        return bytes(done)


def _unpack_lzw(data: bytes) -> bytes:
    done = bytearray()
    for piece in LZWDecoder(BytesIO(data)).run():
        done += piece
        if len(done) > LARGEST_STREAM:
            raise TooMuch(f"a stream unpacks to more than {LARGEST_STREAM} bytes")
    return bytes(done)


def _unpack_runs(data: bytes) -> bytes:
    if len(data) > _LARGEST_RUNS:
        raise TooMuch(f"a stream of runs is {len(data)} bytes long, more than {_LARGEST_RUNS}")
    return bytes(rldecode(data))


def bound_streams() -> None:
    """Has pdfminer unpack streams within bounds, from here on and for the whole process; more calls change nothing.

    subtle: pdfminer unpacks with no limit and offers no place to set one, so its functions are replaced by name.
    """
    for name, bounded in (("zlib", _Unpacker()), ("lzwdecode", _unpack_lzw), ("rldecode", _unpack_runs)):
        setattr(pdftypes, name, bounded)


@dataclass
class Budget:
    """What the pages of one document may still draw."""

    content: int = 48 * 1024 * 1024  # bytes
    characters: int = 3_000_000
    paths: int = 600_000

    def spend(self, device: "_Device") -> None:
        """Takes off what one page has drawn."""
        self.content -= device.content
        self.characters -= device.characters
        self.paths -= device.paths
        if min(self.content, self.characters, self.paths) < 0:
            raise TooMuch("its pages together draw too much")


class _Device(PDFPageAggregatorWithMarkedContent):
    """Gathers what a page draws, and counts it."""

    content = characters = paths = 0

    def spend(self, streams: Sequence[Any]) -> None:
        for stream in streams:
            found = pdftypes.resolve1(stream)
            size = len(found.get_data()) if isinstance(found, pdftypes.PDFStream) else 0
            self.content += max(size, _FORM)
            if self.content > MOST_CONTENT:
                raise TooMuch(f"a page draws more than {MOST_CONTENT} bytes")

    def render_char(self, *args: Any, **named: Any) -> float:
        self.characters += 1
        if self.characters > MOST_CHARACTERS:
            raise TooMuch(f"a page has more than {MOST_CHARACTERS} characters")
        return float(super().render_char(*args, **named))

    def paint_path(self, *args: Any, **named: Any) -> None:
        self.paths += 1
        if self.paths > MOST_PATHS:
            raise TooMuch(f"a page has more than {MOST_PATHS} lines and boxes")
        super().paint_path(*args, **named)


class _Interpreter(PDFPageInterpreter):
    """Draws a page as long as the device has not counted too much."""

    def render_contents(self, resources: Any, streams: Sequence[Any], ctm: Any = (1, 0, 0, 1, 0, 0)) -> None:
        assert isinstance(self.device, _Device)
        self.device.spend(streams)
        super().render_contents(resources, streams, ctm=ctm)


def laid_out(page: Page, budget: Budget) -> Page:
    """The page with what it draws, read within bounds; raises TooMuch."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    _Interpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    budget.spend(device)
    page._layout = device.get_result()  # subtle: what `Page.layout` would make without bounds, and then keeps
    return page
