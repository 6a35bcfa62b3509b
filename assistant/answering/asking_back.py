"""Replies that ask back or say that the product isn't here.

In: a `Query`, what `Products.settle` found and the labels. Out: the clarifications and the refusal for an unknown
product. Left out: which it is (`understanding.products`), and refusals of label questions (`answering.composing`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answering.composing import no_answer, understood
from assistant.answering.wording import Wording
from assistant.label import Label
from assistant.query import Query
from assistant.reply import Choice, Reason, Reply
from assistant.understanding.products import Mention

MOST = 8  # choices offered
_LISTED = 5  # labels named where one isn't here


def unclear(query: Query, wording: Wording) -> Reply:
    """There are no words to answer."""
    return _clarification(query, "unclear", wording.say("clarification", "unclear"), ())


def of_what(query: Query, wording: Wording) -> Reply:
    """A first question about "it" that names nothing."""
    return _clarification(query, "unclear", wording.say("clarification", "of_what"), ())


def off_topic(query: Query, labels: Mapping[str, Label], wording: Wording) -> Reply:
    """Nothing that a label could answer."""
    message = wording.say("no_answer", "not_a_label_question")
    return no_answer(replace(query, labels=()), None, labels, wording, reason="not_a_label_question", message=message)


def which_product(query: Query, best: Sequence[Label], wording: Wording) -> Reply:
    """Several labels could be meant; the choices are the labels given, best first."""
    names = [label.name for label in best]
    choices = [
        Choice(text=_described(label, names), question=f"{query.question.rstrip(' ?')} ({_told_apart(label, names)})?")
        for label in best
    ]
    return _clarification(query, "which_product", wording.say("clarification", "which_product"), choices[:MOST])


def _told_apart(label: Label, names: Sequence[str]) -> str:
    return label.name if names.count(label.name) == 1 else label.id


def _described(label: Label, names: Sequence[str]) -> str:
    if names.count(label.name) == 1:
        return label.name
    more = ", ".join(part for part in (label.labeler, label.effective) if part) or label.id
    return f"{label.name} ({more})"


def did_you_mean(query: Query, mention: Mention, labels: Sequence[Label], wording: Wording) -> Reply:
    """A name that no label goes by, close to or of one substance with those given: never taken for it unasked."""
    names = " or ".join(dict.fromkeys(label.name for label in labels))
    sentence = "same_substance" if mention.kin else "near_name"
    before, after = query.question[: mention.start], query.question[mention.end :]
    choices = [Choice(text=label.name, question=f"{before}{label.name}{after}") for label in labels]
    return _clarification(
        query, "which_meaning", wording.say("clarification", sentence, what=mention.text, here=names), choices[:MOST]
    )


def unknown_product(query: Query, message: str, labels: Mapping[str, Label], wording: Wording) -> Reply:
    """A product that isn't here is asked about; nothing was searched."""
    return no_answer(replace(query, labels=()), None, labels, wording, reason="unknown_product", message=message)


def missing(mentions: Sequence[Mention], given: Sequence[str], labels: Mapping[str, Label], wording: Wording) -> str:
    """The sentence that says which products are not here, and which are.

    Those that are indexed, but not among the labels `given` with the question, are told apart; others are not indexed.
    """
    elsewhere = bool(given) and all(mention.labels for mention in mentions)
    here = list(given) if elsewhere else list(labels)
    listed = ", ".join(dict.fromkeys(labels[label].name for label in here[:_LISTED]))
    more = f" and {len(here) - _LISTED} more" if len(here) > _LISTED else ""
    what = " and ".join(mention.text for mention in mentions)
    return wording.say(
        "no_answer", "not_given" if elsewhere else "unknown_product", what=what, searched=f"{listed}{more}"
    )


def _clarification(query: Query, reason: Reason, message: str, choices: Sequence[Choice]) -> Reply:
    return Reply(
        kind="clarification", question=query.put, standalone_question=query.standalone,
        understood=understood(query, None), reason=reason,
        message=message, choices=tuple(choices), searched=query.labels,
    )  # fmt: skip
