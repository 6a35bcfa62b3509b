"""The words of a printed page: what they say, where they stand and how they are set.

In: a page of pdfplumber's. Out: `Word`s with ligatures, symbol fonts and broken characters put right. Left out: lines
(`pdf_lines`), columns (`pdf_columns`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_BOLD = re.compile(r"bold|black|heavy|demi|semib", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique", re.IGNORECASE)
UNKNOWN = "\ufffd"
_CID = re.compile(r"\(cid:\d+\)")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " ", "\x00": ""}
# What Adobe's Symbol font prints at these codes, which programs leave in the private use area.
# https://unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt
_SYMBOL = {
    0xF0A3: "≤", 0xF0B3: "≥", 0xF0B1: "±", 0xF0B4: "×", 0xF0B7: "•", 0xF0B0: "°", 0xF0B9: "≠", 0xF0BB: "≈", 0xF0AE: "→",
    0xF0AD: "↑", 0xF0AF: "↓", 0xF0AC: "←", 0xF0A5: "∞", 0xF061: "α", 0xF062: "β", 0xF067: "γ", 0xF064: "δ", 0xF044: "Δ",
    0xF06D: "μ", 0xF06B: "κ", 0xF06C: "λ", 0xF070: "π", 0xF073: "σ", 0xF077: "ω", 0xF057: "Ω", 0xF0D2: "®", 0xF0E2: "®",
    0xF0D3: "©", 0xF0E3: "©", 0xF0D4: "™", 0xF0E4: "™", 0xF0A7: "▪", 0xF0D8: "•", 0xF02D: "−", 0xF03C: "<", 0xF03E: ">",
    0xF0A8: "•", 0xF06E: "▪", 0xF06F: "○", 0xF0FC: "✓", 0xF020: " ", 0xF02B: "+", 0xF03D: "=",
}  # fmt: skip
_READABLE = str.maketrans({**_LIGATURES, **{chr(code): text for code, text in _SYMBOL.items()}})


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word on a page; places in points from the upper left."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float  # points
    bold: bool = False
    italic: bool = False


def words(found: Iterable[dict[str, Any]]) -> list[Word]:
    """pdfplumber's words as `Word`s; those that print nothing or upwards are left out."""
    return [_word(each, text) for each in found if each.get("upright", True) and (text := readable(str(each["text"])))]


def _word(found: dict[str, Any], text: str) -> Word:
    font = str(found.get("fontname", ""))
    return Word(
        text=text,
        x0=float(found["x0"]),
        x1=float(found["x1"]),
        top=float(found["top"]),
        bottom=float(found["bottom"]),
        size=float(found.get("size", 0.0)),
        bold=bool(_BOLD.search(font)),
        italic=bool(_ITALIC.search(font)),
    )


def readable(text: str) -> str:
    """A word's text with ligatures and symbols as the characters that are meant.

    >>> readable("ef\ufb01cacy"), readable("\uf0b3"), readable("(cid:12)x")
    ('efficacy', '≥', '�x')
    """
    plain = text if text.isascii() else text.translate(_READABLE)
    plain = _CID.sub(UNKNOWN, plain) if "(cid:" in plain else plain
    return "".join(char for char in plain if char.isprintable() or char == "\u00ad").strip()
