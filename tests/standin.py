"""A small real engine over a hand-made label, for the tests of the surfaces.

Out: `Standin`, which answers a few questions by keyword and keeps its conversations. Left out: any finding of answers.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

from standin_label import (
    ADULT,
    ATTACK,
    BOXED,
    BOXED_TEXT,
    CAPTION,
    CHILD,
    CITED_LABEL,
    COLUMNS,
    GROUP_ONE,
    INDICATION,
    INDICATION_TEXT,
    ITEM_ONE,
    LABEL,
    LIVER,
    LIVER_TEXT,
    REACTIONS,
    ROW_ONE,
    WRONG,
    hostile,
    span,
)

from assistant.errors import BadRequest, UnknownConversation, UnknownLabel
from assistant.label import Label
from assistant.reply import (
    Choice,
    Citation,
    CitedFootnote,
    CitedLabel,
    CitedRow,
    Close,
    Headline,
    Highlight,
    Notice,
    Reply,
    Statement,
    Understood,
)


def cite(number: int, piece: str, figure: str = "", about: tuple[str, ...] = (), section: str = REACTIONS) -> Citation:
    """A citation of a piece of the text, its figure highlighted."""
    place = span(piece)
    at = place.start + piece.index(figure) if figure else 0
    return Citation(
        number=number,
        kind="passage",
        label=CITED_LABEL,
        section=(section,),
        quote=piece,
        start=place.start,
        end=place.end,
        highlights=(Highlight(start=at, end=at + len(figure)),) if figure else (),
        about=about,
        url=f"/labels/examplor#c-{place.start}-{place.end}",
        score=0.9,
    )


def cite_row(number: int) -> Citation:
    """The citation of the row for nausea, answering with its second column."""
    place = span(ROW_ONE)
    figure = span(ROW_ONE).start + len("Nausea* 15 ")
    return replace(
        cite(number, ROW_ONE, about=("pediatric", "Study B")),
        kind="table_row",
        highlights=(Highlight(start=figure, end=figure + 1),),
        table=CitedRow(
            caption=CAPTION,
            columns=tuple(column.header for column in COLUMNS),
            row_head="Adverse reaction",
            row_group=GROUP_ONE,
            row_label="Nausea",
            values=("15", "2", "8", "0"),
            answering_column=1,
            footnotes=(
                CitedFootnote(mark="*", text="Includes retching.", certain=True),
                CitedFootnote(mark="†", text="Includes chills.", certain=False),
            ),
            n="40",
            unit="%",
        ),
        start=place.start,
        end=place.end,
    )


NOTICES = (
    Notice(kind="boxed_warning", text="LIVER INJURY and LOW BLOOD COUNTS", citation=4),
    Notice(kind="report_adverse_event", text="This reads like an adverse event. Report it to 1-800-555-0100."),
    Notice(kind="emergency", text="In an emergency call 911. For an overdose call Poison Help, 1-800-222-1222."),
    Notice(kind="source_conflict", text="The label states the indication twice, and differently.", citation=3),
    Notice(kind="figure_check", text="4/162 is 2.5%, printed as 3%.", citation=2),
    Notice(kind="other_population", text="The label gives this for adults only."),
    Notice(kind="professional_advice", text="The assistant quotes the label and does not advise on one patient."),
    Notice(kind="comparison", text="Rates from different trials can't be compared directly."),
    Notice(kind="label_currency", text="This text may differ from the latest FDA-approved labeling."),
)


def _answer(question: str) -> Reply:
    return Reply(
        kind="answer",
        question=question,
        standalone_question="How often did adults have nausea?",
        understood=Understood(
            label="examplor", topic="nausea", population="adult", measure="rate", also_searched=("feeling sick",)
        ),
        headline=Headline(text="19% (31/164)", citation=1),
        statements=(Statement(text=ADULT, citations=(1,)),),
        citations=(
            cite(1, ADULT, "19%", ("adult", "Study A")),
            cite(2, CHILD, "15%", ("pediatric", "Study B")),
            cite(3, BOXED_TEXT, section=BOXED),
        ),
        close=(Close(figure="15% (6/40)", differs="pediatric patients, Study B", citation=2),),
        notices=(
            Notice(kind="boxed_warning", text="LIVER INJURY and LOW BLOOD COUNTS", citation=3),
            Notice(kind="label_currency", text="This text may differ from the latest FDA-approved labeling."),
        ),
        searched=("examplor",),
    )


def _row_answer(question: str) -> Reply:
    return replace(
        _answer(question),
        standalone_question=question,
        understood=Understood(label="examplor", topic="nausea", population="pediatric", grade="≥3", measure="rate"),
        headline=Headline(text="2%", citation=1),
        statements=(Statement(text=ROW_ONE, citations=(1, 2)),),
        citations=(cite_row(1), cite(2, CHILD, "15%", ("pediatric", "Study B"))),
        close=(),
        notices=(),
    )


def _no_answer(question: str) -> Reply:
    return Reply(
        kind="no_answer",
        question=question,
        standalone_question=question,
        understood=Understood(label="examplor", topic="starting dose", measure="dose"),
        reason="not_in_label",
        message="This label does not contain the starting dose. Ask medical information: 1-800-555-0199.",
        nearest=(cite(1, ITEM_ONE), cite(2, LIVER_TEXT, section=LIVER)),
        searched=("examplor",),
    )


def _clarification(question: str) -> Reply:
    return Reply(
        kind="clarification",
        question=question,
        standalone_question=question,
        understood=Understood(),
        reason="which_meaning",
        message="“LI” can mean two things in this label.",
        choices=(
            Choice(text="Liver injury", question="What is the rate of nausea in adults?"),
            Choice(text="Low immunity", question="What is low immunity?"),
        ),
        searched=("examplor",),
    )


def _every_notice(question: str) -> Reply:
    return replace(
        _answer(question),
        citations=(
            cite(1, ADULT, "19%", ("adult", "Study A")),
            cite(2, WRONG, "4/162 adult patients (3%)", ("adult",)),
            cite(3, INDICATION_TEXT, section=INDICATION),
            cite(4, BOXED_TEXT, section=BOXED),
        ),
        close=(),
        notices=NOTICES,
    )


def _comparison(question: str) -> Reply:
    other = replace(CITED_LABEL, id="otherex", name="OTHEREX")
    return replace(
        _answer(question),
        headline=None,
        statements=(Statement(text=ADULT, citations=(1,)), Statement(text=CHILD, citations=(2,))),
        citations=(
            cite(1, ADULT, "19%", ("adult", "Study A")),
            replace(cite(2, CHILD, "15%", ("pediatric", "Study B")), label=other),
        ),
        close=(),
        notices=(next(notice for notice in NOTICES if notice.kind == "comparison"),),
    )


def hostile_reply(question: str) -> Reply:
    """A reply whose every text tries to be markup."""
    label = hostile()
    named = CitedLabel(id=label.id, name=label.name, version=ATTACK, effective=ATTACK, sha256=ATTACK)
    block = label.blocks[1]
    citation = Citation(
        number=1,
        kind="passage",
        label=named,
        section=(ATTACK,),
        quote=label.text[block.start : block.end],
        start=block.start,
        end=block.end,
        highlights=(Highlight(start=block.start + 3, end=block.start + 40),),
        about=(ATTACK,),
    )
    return Reply(
        kind="answer",
        question=question,
        standalone_question=ATTACK,
        understood=Understood(label="hostile", topic=ATTACK, also_searched=(ATTACK,)),
        headline=Headline(text=ATTACK, citation=1),
        statements=(Statement(text=citation.quote, citations=(1,)),),
        citations=(citation,),
        close=(Close(figure=ATTACK, differs=ATTACK, citation=1),),
        notices=tuple(replace(notice, text=ATTACK, citation=1) for notice in NOTICES),
        searched=("hostile",),
    )


ANSWERS: dict[str, Callable[[str], Reply]] = {
    "severe": _row_answer,
    "dose": _no_answer,
    " LI": _clarification,
    "notices": _every_notice,
    "compare": _comparison,
    "attack": hostile_reply,
}


class Standin:
    """An engine that answers by the first keyword that a question holds, and with the rate in adults otherwise."""

    index_id = "index-1"
    repeats = (3, 4)

    def __init__(self, *labels: Label) -> None:
        self._labels = labels or (LABEL,)
        self._conversations: dict[str, list[Reply]] = {}
        self._owners: dict[str, str] = {}
        self._numbers = count(1)
        self.asked: list[dict[str, object]] = []
        self.rated: list[tuple[str, str, str]] = []

    def ask(
        self,
        question: str,
        *,
        conversation_id: str | None = None,
        history: Sequence[str] = (),
        labels: Sequence[str] | None = None,
        limit: int = 5,
        owner: str = "",
    ) -> Reply:
        """The canned reply; "fail" in a question raises."""
        self.asked.append(
            {"conversation_id": conversation_id, "history": list(history), "labels": labels, "limit": limit}
        )
        if "fail" in question:
            raise RuntimeError("secret cause")
        if conversation_id:
            self.conversation(conversation_id, owner)
        make = next((make for word, make in ANSWERS.items() if word in question), _answer)
        conversation = conversation_id or f"talk-{next(self._numbers)}"
        self._owners[conversation] = owner
        turns = self._conversations.setdefault(conversation, [])
        reply = replace(
            make(question),
            conversation_id=conversation,
            turn_id=f"{conversation}-{len(turns) + 1}",
            index_id=self.index_id,
            elapsed_ms=1.5,
        )
        turns.append(reply)
        return reply

    def labels(self) -> Sequence[Label]:
        """Every label."""
        return self._labels

    def label(self, label: str) -> Label:
        """By id, set id or name."""
        for one in self._labels:
            if label in (one.id, one.set_id, one.name):
                return one
        known = ", ".join(one.id for one in self._labels)
        raise UnknownLabel(f"no label goes by {label!r}", place="labels", remedy=f"Take one of {known}")

    def conversation(self, conversation_id: str, owner: str = "") -> Sequence[Reply]:
        """The turns so far."""
        if conversation_id not in self._conversations or self._owners[conversation_id] != owner:
            raise UnknownConversation(
                f"no conversation goes by {conversation_id!r}", place="conversation_id", remedy="Start a new one"
            )
        return tuple(self._conversations[conversation_id])

    def forget(self) -> None:
        """Lose every conversation, as a restart does."""
        self._conversations.clear()

    def feedback(self, turn_id: str, rating: str, comment: str, owner: str = "") -> None:
        """Keep a rating of a known turn."""
        own = (turns for id, turns in self._conversations.items() if self._owners[id] == owner)
        if not any(reply.turn_id == turn_id for turns in own for reply in turns):
            raise BadRequest(f"no turn goes by {turn_id!r}", place="turn_id", remedy="Give the turn_id of a reply")
        self.rated.append((turn_id, rating, comment))
