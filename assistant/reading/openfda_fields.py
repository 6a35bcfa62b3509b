"""The fields of an openFDA label that hold text, in the order of a label.

In: one result. Out: `Field`s: name, text and tables, in the order of 21 CFR 201.57, then as they stand. A field whose
text stands in another field, as `pediatric_use` within `use_in_specific_populations`, is no section of its own. Left
out: facts (`openfda`), and ids, hashes and dates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from assistant.reading.html_parse import printable

_ORDER = (
    "recent_major_changes boxed_warning indications_and_usage dosage_and_administration "
    "dosage_forms_and_strengths contraindications warnings_and_cautions warnings precautions general_precautions "
    "adverse_reactions drug_interactions use_in_specific_populations pregnancy teratogenic_effects "
    "nonteratogenic_effects labor_and_delivery lactation nursing_mothers pediatric_use geriatric_use "
    "drug_abuse_and_dependence controlled_substance abuse dependence overdosage description clinical_pharmacology "
    "mechanism_of_action pharmacodynamics pharmacokinetics microbiology nonclinical_toxicology "
    "carcinogenesis_and_mutagenesis_and_impairment_of_fertility animal_pharmacology_and_or_toxicology "
    "clinical_studies references how_supplied storage_and_handling information_for_patients"
).split()
_CODES = {
    "boxed_warning": "34066-1", "indications_and_usage": "34067-9", "dosage_and_administration": "34068-7",
    "dosage_forms_and_strengths": "43678-2", "contraindications": "34070-3", "warnings_and_cautions": "43685-7",
    "warnings": "34071-1", "precautions": "42232-9", "adverse_reactions": "34084-4", "drug_interactions": "34073-7",
    "use_in_specific_populations": "43684-0", "overdosage": "34088-5", "description": "34089-3",
    "clinical_pharmacology": "34090-1", "nonclinical_toxicology": "43680-8", "clinical_studies": "34092-7",
    "how_supplied": "34069-5", "information_for_patients": "34076-0", "spl_medguide": "42231-1",
    "spl_patient_package_insert": "42230-3", "instructions_for_use": "59845-8", "recent_major_changes": "43683-2",
    "package_label_principal_display_panel": "51945-4", "spl_product_data_elements": "48780-1",
    "spl_unclassified_section": "42229-5",
}  # fmt: skip
_TITLES = {"spl_medguide": "Medication guide", "spl_patient_package_insert": "Patient information"}
_NO_TEXT = frozenset(("id", "set_id", "version", "effective_time", "openfda"))
_TABLE = "_table"
MOST_FIELDS = 400  # openFDA knows about 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of text with its tables."""

    name: str
    text: str
    tables: tuple[str, ...]  # HTML
    code: str = ""  # LOINC

    @property
    def title(self) -> str:
        """The field's name as a heading.

        >>> Field(name="pediatric_use", text="", tables=()).title
        'Pediatric use'
        """
        return _TITLES.get(self.name) or self.name.removeprefix("spl_").replace("_", " ").capitalize()


def strings(value: Any) -> list[str]:
    """A value of the JSON as a list of texts, whether it is one text or several."""
    found = value if isinstance(value, list) else [value]
    return [said for text in found if isinstance(text, str) and (said := printable(text).strip())]


def fields(result: dict[str, Any]) -> list[Field]:
    """The fields that hold text."""
    names = [name for name in result if isinstance(name, str) and name not in _NO_TEXT and not name.endswith(_TABLE)]
    tables = {name.removesuffix(_TABLE): strings(result[name]) for name in result if name.endswith(_TABLE)}
    found = [
        Field(name=name, text="\n".join(said), tables=tuple(tables.pop(name, ())), code=_CODES.get(name, ""))
        for name in names
        if (said := strings(result[name]))
    ]
    found.extend(
        Field(name=name, text="", tables=tuple(html), code=_CODES.get(name, ""))
        for name, html in tables.items()
        if html
    )
    return _nested(sorted(found, key=lambda field: _ORDER.index(field.name) if field.name in _ORDER else len(_ORDER)))


def titles() -> Iterator[str]:
    """The names of fields as patterns of headings: a comma or "and" may stand between two words."""
    for name in (*_ORDER, "clinical_trials_experience", "postmarketing_experience"):
        yield r"\W+(?:and\W+)?".join(word for word in name.split("_") if word != "and")


def bare(text: str) -> str:
    """A text without white space, to compare."""
    return re.sub(r"\s+", "", text)


def _nested(found: list[Field]) -> list[Field]:
    """The fields that stand in no other, each with the tables of those that stand in it."""
    texts = {field.name: bare(field.text) for field in found}
    owners = {field.name: _owner(field, found, texts) for field in found}
    done = []
    for field in found:
        if owners[field.name]:
            continue
        inner = [other for other in found if owners[other.name] == field.name]
        tables = dict.fromkeys((*field.tables, *(table for other in inner for table in other.tables)))
        done.append(replace(field, tables=tuple(tables)))
    return done


def _owner(field: Field, found: list[Field], texts: dict[str, str]) -> str:
    """The longest field that holds all of another's text; empty where none does."""
    own = texts[field.name]
    around = [other for other in found if len(texts[other.name]) > len(own) > 0 and own in texts[other.name]]
    return max(around, key=lambda other: len(texts[other.name])).name if around else ""
