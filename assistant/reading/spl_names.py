"""What an SPL document says about itself and its products: ids, date, labeler, names, strengths.

In: the root element. Out: `Heading` for the label, and `product_lines`, one line a product from the data elements
(name, form, active ingredients with strength, National Drug Codes), which the text prints nowhere in one place. Left
out: packaging, marketing status, appearance.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from assistant.reading.spl_xml import NAMESPACE

_N = NAMESPACE
_ACTIVE = frozenset(("ACTIB", "ACTIM", "ACTIR"))
_NDC = "2.16.840.1.113883.6.69"
_PRESCRIPTION = "34391-3"
DATA_ELEMENTS = "48780-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a label's first fields are filled from; empty where the document doesn't say."""

    set_id: str
    version: str
    effective: str  # ISO 8601, or as much of it as is given
    labeler: str
    kind: str
    names: tuple[str, ...]  # product names
    generics: tuple[str, ...]
    ingredients: tuple[str, ...]  # active ones and their moieties


def heading(root: etree._Element) -> Heading:
    """The document's own facts."""
    products = list(_products(root))
    return Heading(
        set_id=_attribute(root, "setId", "root"),
        version=_attribute(root, "versionNumber", "value"),
        effective=iso_date(_attribute(root, "effectiveTime", "value")),
        labeler=_text(root.find(f"{_N}author/{_N}assignedEntity/{_N}representedOrganization/{_N}name")),
        kind=_kind(root),
        names=unique(_name(product) for product in products),
        generics=unique(_text(name) for product in products for name in product.iter(f"{_N}genericMedicine")),
        ingredients=unique(name for product in products for name in _ingredients(product)),
    )


def _kind(root: etree._Element) -> str:
    if _attribute(root, "code", "code") in ("", _PRESCRIPTION):
        return "prescription label"
    return _attribute(root, "code", "displayName").lower()


def _attribute(root: etree._Element, name: str, attribute: str) -> str:
    found = root.find(_N + name)
    return " ".join(found.get(attribute, "").split()) if found is not None else ""


def iso_date(value: str) -> str:
    """An HL7 time stamp as a date, as far as it is given.

    >>> iso_date("20130930"), iso_date("201309"), iso_date("2013"), iso_date("soon")
    ('2013-09-30', '2013-09', '2013', '')
    """
    found = re.match(r"(\d{4})(?:(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?)?", value)
    return "-".join(part for part in found.groups() if part) if found else ""


def _products(root: etree._Element) -> Iterator[etree._Element]:
    """Every product and part of a product of the data elements."""
    for section in root.iterfind(f"{_N}component/{_N}structuredBody/{_N}component/{_N}section"):
        for subject in section.iterfind(f"{_N}subject"):
            for element in subject.iter(f"{_N}manufacturedProduct", f"{_N}partProduct", f"{_N}manufacturedMedicine"):
                if element.find(f"{_N}name") is not None:
                    yield element


def _name(product: etree._Element) -> str:
    return _text(product.find(f"{_N}name"))


def _text(element: etree._Element | None) -> str:
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order, whatever its capitals."""
    found: dict[str, str] = {}
    for name in names:
        if name:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _active(product: etree._Element) -> Iterator[etree._Element]:
    for child in product:
        if child.tag == f"{_N}activeIngredient" or (
            child.tag == f"{_N}ingredient" and child.get("classCode", "") in _ACTIVE
        ):
            yield child


def _ingredients(product: etree._Element) -> Iterator[str]:
    for ingredient in _active(product):
        for name in ingredient.iter(f"{_N}name"):
            yield _text(name)


def product_lines(root: etree._Element) -> tuple[str, ...]:
    """One line a product, each once, in document order."""
    return unique(_line(product) for product in _products(root))


def _line(product: etree._Element) -> str:
    generic = _text(product.find(f"{_N}asEntityWithGeneric/{_N}genericMedicine/{_N}name"))
    form = product.find(f"{_N}formCode")
    parts = [f"{_name(product)} ({generic})" if generic else _name(product)]
    if form is not None and form.get("displayName"):
        parts.append(form.get("displayName", "").lower())
    parts.extend(f"active ingredient {_strength(ingredient)}" for ingredient in _active(product))
    parts.extend(f"NDC {code.get('code')}" for code in product.findall(f"{_N}code") if code.get("codeSystem") == _NDC)
    return ", ".join(part for part in parts if part)


def _strength(ingredient: etree._Element) -> str:
    """An active ingredient with its quantity: "ADALIMUMAB 40 mg in 0.8 mL"."""
    name = next((_text(found) for found in ingredient.iter(f"{_N}name")), "")
    amount = _quantity(ingredient.find(f"{_N}quantity/{_N}numerator"))
    each = _quantity(ingredient.find(f"{_N}quantity/{_N}denominator"))
    return " ".join(part for part in (name, amount, f"in {each}" if amount and each not in ("", "1") else "") if part)


def _quantity(element: etree._Element | None) -> str:
    if element is None:
        return ""
    unit = element.get("unit", "1")
    return f"{element.get('value', '')} {unit if unit != '1' else ''}".strip()
