"""Series of figures: "A, B and C occurred in 1%, 2% and 3%, respectively" gives each item its own figure.

In: a `Query`, a `Label`, a half-open stretch of its text and the figures in it. Out: `respectively`, the figure of the item
that the question names, or None where it names none or several. Left out: sentences without a series (`answering.picking_prose`).
"""

import re
from collections.abc import Sequence

from assistant import populations
from assistant.answering.picks import Pick
from assistant.figures import Figure
from assistant.label import Label
from assistant.query import Query
from assistant.words import stem, tokens


def respectively(query: Query, label: Label, start: int, end: int, usable: Sequence[Figure]) -> Pick | None:
    """ "A, B and C occurred in 1%, 2% and 3%, respectively": the figure of the item that the question names."""
    text = label.text
    mark = text.lower().find("respectively", start, end)
    if mark < 0:
        return None
    before = [figure for figure in usable if figure.end <= mark]
    for kind in dict.fromkeys(figure.kind for figure in before):
        found = _respective(query, text, start, mark, [figure for figure in before if figure.kind == kind])
        if found is not None:
            return found
    return None


def _respective(query: Query, text: str, start: int, mark: int, before: Sequence[Figure]) -> Pick | None:
    """The figure of the item that the question names, among figures of one kind."""
    parts = _parts(before, text)
    if len(parts) < 2:
        return None
    items = _items(text, start, parts[0][0], len(parts))
    after = _items_after(text, parts[-1][1], mark, len(parts))
    if len(items) != len(parts) or max(_item_score(query, text[one:other]) for one, other in items) <= 0:
        items = after
    if len(items) != len(parts):
        return None
    scores = [_item_score(query, text[one:other]) for one, other in items]
    best = max(scores)
    if best <= 0 or scores.count(best) > 1:
        return None
    one, other, shown = parts[scores.index(best)]
    return Pick(text=shown, spans=((one, other),))


def _parts(before: Sequence[Figure], text: str) -> list[tuple[int, int, str]]:
    """The figures of a "respectively" with their places and how each is shown; "5 and 8 months" are two."""
    if len(before) == 1 and (
        pair := re.search(r"(?P<one>[\d.,]+)\s*%?\s*(?:and|,|/)\s*(?P<two>[\d.,]+)[\s-]*(?P<unit>\D*)$", before[0].text)
    ):
        first, unit = before[0], pair["unit"].strip()
        one = (first.start + pair.start("one"), first.start + pair.end("one"), f"{pair['one']} {unit}".strip())
        two = (first.start + pair.start("two"), first.end, text[first.start + pair.start("two") : first.end])
        return [one, two]
    return [(figure.start, figure.end, " ".join(figure.headline.split())) for figure in before]


_JOIN = re.compile(r",\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s*/\s*")


def _items(text: str, start: int, end: int, count: int) -> list[tuple[int, int]]:
    """The last `count` coordinated items before a place."""
    body = text[start:end]
    for opening in [*[match.end() for match in re.finditer(r"[.;:]\s|,\s(?=(?:with|the)\s)", body)][::-1], 0]:
        cuts, place = [], opening
        for match in _JOIN.finditer(body, opening):
            cuts.append((start + place, start + match.start()))
            place = match.end()
        cuts.append((start + place, end))
        if len(cuts) >= count:
            return _last_run(text, cuts, count)
    return []


def _items_after(text: str, start: int, mark: int, count: int) -> list[tuple[int, int]]:
    """The `count` coordinated items between the last figure and "respectively": "1% and 2% increases in A and B"."""
    cuts, place = [], start
    for match in _JOIN.finditer(text, start, mark):
        if match.start() > place:
            cuts.append((place, match.start()))
        place = match.end()
    if place < mark and text[place:mark].strip(" ,("):
        cuts.append((place, mark))
    return cuts[-count:] if len(cuts) >= count else []


def _last_run(text: str, cuts: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """The `count` neighbouring cuts that are items: those that each name a population, else the last."""
    runs = [cuts[place : place + count] for place in range(len(cuts) - count + 1)]
    for run in reversed(runs):
        if all(populations.named(text[one:other]) for one, other in run):
            return run
    return runs[-1]


def _item_score(query: Query, item: str) -> float:
    stems = frozenset(stem(token.text) for token in tokens(item))
    score = float(len(set(populations.named(item)) & set(query.populations)))
    for concept in query.subject:
        held = max(sum(part in stems for part in form) / len(form) for form in concept.forms)
        score += held * concept.weight
    for number in query.numbers:
        score += bool(re.search(rf"(?<!\d){re.escape(re.sub(r'[^0-9.]', '', number))}(?!\d)", item))
    return score
