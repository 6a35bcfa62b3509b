"""Footnote marks of a flattened web page.

Out: `split_marks`, a label, head or value and the marks at its end; `MARK`, one mark as printed. Left out: letters and
digits that became marks only because the page lost its superscripts (`page_notes`).
"""

import re

MARK = r"(?:\*+|†+|‡+|§+|¶+|#+|‖+|\|\||[⁰¹⁴-⁹ᵃ-ᶻ]|(?<!m)[²³])"
_TRAILING = re.compile(rf"\s?(?:{MARK}(?:\s?,\s?)?)+$")
_ONE = re.compile(MARK)


def split_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the marks at its end, and those marks.

    >>> split_marks("Herpes zoster**"), split_marks("Edema*†")
    (('Herpes zoster', ('**',)), ('Edema', ('*', '†')))
    """
    found = _TRAILING.search(text[-24:])
    if not found:
        return text, ()
    start = len(text) - len(text[-24:]) + found.start()
    return text[:start].rstrip(), tuple(_ONE.findall(text[start:]))
