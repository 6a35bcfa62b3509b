"""Asking whole sets: figures with their intervals, baselines, messages, the curve and the page."""

import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser

import numpy as np
import pytest
from numpy.typing import NDArray
from standin import Standin, cite
from standin_label import ADULT, ATTACK, CHILD, LABEL

from assistant.errors import BadQuestionSet
from assistant.evaluating import baselines, curve, misses, page, running
from assistant.evaluating.curve import Point
from assistant.evaluating.measures import Measure, mean, percentile, ranking, share, wilson
from assistant.evaluating.messages import hear, recognised
from assistant.evaluating.questions import Message, Question, Sets
from assistant.reply import Citation
from assistant.words import terms

RIGHT = Question(
    id="q1",
    label="examplor",
    question="nausea?",
    answerable=True,
    evidence=(ADULT,),
    headline=("19",),
    tags=("figure",),
)
FOLLOW = Question(
    id="q2",
    label="EXAMPLOR",
    question="and children?",
    history=("nausea?",),
    answerable=True,
    evidence=(CHILD,),
    headline=("15",),
    wrong=("19",),
    tags=("figure", "followup"),
    standalone="severe nausea in children?",
)
SILENT = Question(id="q3", label="examplor", question="dose?", answerable=False, tags=("unanswerable",))
ELSEWHERE = Question(id="q4", label="otherex", question="nausea?", answerable=True, evidence=("x",))
REPORT = Message(
    id="m1", message="notices: I fainted", recognised=("adverse_event", "emergency", "advice", "comparison")
)
INNOCENT = Message(id="m2", message="nausea rate?")
SETS = Sets(questions=(RIGHT, FOLLOW, SILENT, ELSEWHERE), messages=(REPORT, INNOCENT))


class Lending(Standin):
    """A stand-in that shows candidates and lends an encoder: words hashed to 64 places."""

    def candidates(
        self, question: str, history: Sequence[str], labels: Sequence[str] | None, limit: int = 5
    ) -> Sequence[Citation]:
        return (cite(1, ADULT), cite(2, CHILD))[:limit]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.full((len(texts), 64), 1e-3, dtype=np.float32)
        for place, text in enumerate(texts):
            for term in terms(text):
                vectors[place, sum(map(ord, term)) % 64] += 1
        found: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return found


def named(found: Sequence[Measure]) -> dict[str, tuple[float | None, int]]:
    return {one.name: (None if one.value is None else round(one.value, 3), one.n) for one in found}


def test_wilson_s_interval_is_the_published_one() -> None:
    assert [round(bound, 4) for bound in wilson(0, 10)] == [0.0, 0.2775]
    assert [round(bound, 4) for bound in wilson(9, 10)] == [0.5958, 0.9821]


def test_shares_means_and_percentiles_of_nothing_have_no_value() -> None:
    assert share("a", []) == Measure(name="a", value=None, n=0)
    assert mean("a", []) == Measure(name="a", value=None, n=0, unit="mean")
    assert percentile("a", [], 0.5) == Measure(name="a", value=None, n=0, unit="ms")
    assert percentile("a", [4.0, 1.0, 3.0, 2.0], 0.5) == Measure(name="a", value=2.0, n=4, unit="ms")


def test_recall_and_reciprocal_rank_follow_from_the_ranks() -> None:
    assert named(ranking([1, 2, None, 5])) == {
        "recall@1": (0.25, 4),
        "recall@3": (0.5, 4),
        "recall@5": (0.75, 4),
        "MRR": (0.425, 4),
    }


def test_a_whole_run_counts_every_figure() -> None:
    report = running.run(Lending(), SETS, baselines=True)
    found = named(report.measures)
    assert found.pop("latency p50")[1] == found.pop("latency p95")[1] == 3
    assert found == {
        "recall@1 (shown)": (0.5, 2),
        "recall@3 (shown)": (1.0, 2),
        "recall@5 (shown)": (1.0, 2),
        "MRR (shown)": (0.75, 2),
        "recall@1 (ranked)": (0.5, 2),
        "recall@3 (ranked)": (1.0, 2),
        "recall@5 (ranked)": (1.0, 2),
        "MRR (ranked)": (0.75, 2),
        "headline right": (0.5, 2),
        "wrong figure": (0.333, 3),
        "answered": (1.0, 2),
        "asked back": (0.0, 2),
        "refused, recall": (1.0, 1),
        "refused, precision": (1.0, 1),
        "unsupported": (0.0, 2),
        "unsupported or false answer": (0.0, 2),
        "follow-ups recall@1": (0.0, 1),
        "follow-up loss@1": (0.0, 1),
        "quotes verbatim": (1.0, 3),
    }
    assert report.left_out == {"otherex": 1}
    assert list(report.by_tag) == ["figure", "followup", "unanswerable"]
    assert list(report.baselines) == [
        "500-character pieces",
        "words only",
        "vectors only",
        "words and vectors",
        "with understanding",
        "and abstaining",
    ]
    assert [one.value for one in report.baselines["and abstaining"]] == [
        one.value for one in report.measures if one.name.endswith("(shown)")
    ]
    assert [miss.id for miss in misses.of(report)] == ["q2"]
    assert json.loads(json.dumps(running.as_plain(report)))["outcomes"][1]["faults"] == ["support at 2", "wrong figure"]


def test_each_question_is_asked_of_its_own_label_unless_told_otherwise() -> None:
    engine = Standin()
    running.run(engine, Sets(questions=(FOLLOW,)))
    running.run(engine, Sets(questions=(RIGHT,)), all_labels=True)
    assert [(one["labels"], one["history"]) for one in engine.asked] == [
        (("examplor",), ["nausea?"]),
        (("examplor",), []),
        (None, []),
    ]


def test_a_set_about_labels_that_are_not_indexed_is_refused_by_name() -> None:
    with pytest.raises(BadQuestionSet, match="asks only about labels that aren't indexed: otherex"):
        running.run(Standin(), Sets(questions=(ELSEWHERE,)))


def test_a_tag_chooses_questions_and_an_unknown_one_is_named() -> None:
    assert running.chosen(SETS, tag="figure", limit=1) == Sets(questions=(RIGHT,))
    with pytest.raises(BadQuestionSet, match="Tags are: figure, followup, unanswerable"):
        running.chosen(SETS, tag="figures")


def test_messages_are_heard_by_the_notices_of_the_reply() -> None:
    engine = Standin()
    assert recognised(engine.ask("notices")) == {"adverse_event", "emergency", "advice", "comparison"}
    assert recognised(engine.ask("dose?")) == {"unlabelled_use"}
    assert [hear(one, engine.ask(one.message)).is_miss for one in (REPORT, INNOCENT)] == [False, False]
    found = named(running.run(engine, Sets(messages=(REPORT, INNOCENT))).messages)
    assert (found["adverse_event, recall"], found["adverse_event, precision"]) == ((1.0, 1), (1.0, 1))
    assert (found["unlabelled_use, recall"], found["innocent left alone"]) == ((None, 0), (1.0, 1))


def test_bm25_gives_the_worked_example() -> None:
    ranker = baselines.Bm25(["liver injury", "liver liver test", "nausea"])
    # idf = ln(1 + 1.5/2.5); tf/(tf + 1.2 (0.25 + 0.75 |d|/2))
    assert ranker.scores("liver").round(4).tolist() == [0.2136, 0.2575, 0.0]


def test_pieces_hold_the_whole_text_and_none_is_longer() -> None:
    cut = baselines.pieces(LABEL.text)
    assert "".join(cut) == LABEL.text
    assert max(map(len, cut)) <= 500


def test_equally_sure_answers_stand_or_fall_together() -> None:
    report = running.run(Standin(), SETS)
    points = curve.points(report.outcomes)
    assert points == (Point(confidence=0.9, coverage=2 / 3, risk=0.5),)
    assert curve.area(points) == 0.5
    assert curve.points(()) == ()
    assert curve.svg(()) == ""


def test_the_page_is_whole_stands_alone_and_escapes_everything() -> None:
    hostile = Question(
        id=ATTACK, label="examplor", question=ATTACK, answerable=True, evidence=(ATTACK,), tags=(ATTACK,)
    )
    report = running.run(Lending(), Sets(questions=(RIGHT, hostile), messages=(REPORT,)), baselines=True)
    made = page.html(report, [ATTACK])

    class Tags(HTMLParser):
        seen: set[str] = set()  # noqa: RUF012

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.seen.add(tag)

    Tags().feed(made)
    assert not Tags.seen & {"script", "img", "a", "link", "iframe"}
    assert not re.search(r"https?://|@import", re.sub(r"javascript:\S+", "", made))
    assert "<svg viewBox" in made
    assert made.count("<article>") == len(misses.of(report))


def test_fused_ranks_are_summed_by_their_reciprocals() -> None:
    class Fixed:
        def __init__(self, *scores: float) -> None:
            self._scores = np.array(scores)

        def scores(self, question: str) -> "NDArray[np.float64]":
            return self._scores

    found = baselines.Fused(Fixed(0.1, 0.9, 0.5), Fixed(3.0, 2.0, 1.0)).scores("any")
    assert found.tolist() == pytest.approx([1 / 63 + 1 / 61, 1 / 61 + 1 / 62, 1 / 62 + 1 / 63])
