"""The Slack bot over HTTP, between a strict Slack on loopback and a real server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_events import command, direct, event, mention, press, shortcut, signed
from slack_rules import bold, words
from slack_server import Planned
from standin_label import ADULT, BOXED_TEXT, CHILD
from standin_slack import BASE, Bench, bench

from assistant.errors import UnknownConversation
from assistant.slack import saying

ASKED = "How often did adults have nausea?"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made
        assert made.slack.refused == []


def button(blocks: list[dict[str, Any]], action: str) -> dict[str, Any]:
    """A button of an answer, as a press sends it back."""
    elements = [one for block in blocks for one in block.get("elements", []) if "action_id" in one]
    found = next(one for one in elements if one["action_id"].partition(":")[0] == action)
    return {"type": found["type"], "action_id": found["action_id"], "value": found.get("value", "")}


def test_a_mention_is_answered_in_its_thread_with_the_quote_and_its_place(at: Bench) -> None:
    assert at.speaker.tell(event(mention(ASKED))).status_code == 200
    (said,) = at.slack.wait_said()
    assert (said.method, said.arguments["channel"], said.arguments["thread_ts"]) == (
        "chat.postMessage",
        "C1",
        "1700000001.000100",
    )
    blocks = said.arguments["blocks"]
    assert blocks[0] == {"type": "header", "text": {"type": "plain_text", "text": "19% (31/164)", "emoji": False}}
    assert f"“{ADULT}”" in words(blocks)
    assert "19%" in bold(blocks)
    assert "nausea · adult · Study A" in words(blocks)
    assert "[1] EXAMPLOR, version 3, 2025-06-01 › Adverse reactions" in words(blocks)
    links = [part["url"] for block in blocks if block["type"] == "rich_text" for element in block["elements"]
             for part in element["elements"] if part["type"] == "link"]  # fmt: skip
    start = 1 + at.engine.label("examplor").text.index(ADULT) - 1
    assert links[0].startswith(f"{BASE}/labels/examplor?cite={start}-{start + len(ADULT)}&figure=")
    assert "Boxed warning: LIVER INJURY and LOW BLOOD COUNTS" in words(blocks)
    assert "To report an adverse event: 1-800-555-0100" in words(blocks)
    assert said.arguments["text"].startswith("19% (31/164)")


def test_a_follow_up_in_the_thread_goes_on_with_its_conversation(at: Bench) -> None:
    at.speaker.tell(event(mention(ASKED)))
    at.slack.wait_said()
    at.speaker.tell(event(mention("and in children?", ts="1700000005.000100", thread="1700000001.000100")))
    at.slack.wait_said(2)
    assert [one["conversation_id"] for one in at.engine.asked] == [None, "talk-1"]
    assert at.slack.said[1].arguments["thread_ts"] == "1700000001.000100"


def test_a_conversation_belongs_to_the_team_that_began_it(at: Bench) -> None:
    at.speaker.tell(event(mention(ASKED)))
    at.slack.wait_said()
    at.speaker.enter(command(ASKED, at.slack.response_url()))
    at.slack.wait_said(2)
    assert [len(at.engine.conversation(talk, "slack:T1")) for talk in ("talk-1", "talk-2")] == [1, 1]
    for other in ("", "slack:T2"):
        with pytest.raises(UnknownConversation):
            at.engine.conversation("talk-1", other)


def test_another_thread_is_another_conversation(at: Bench) -> None:
    at.speaker.tell(event(mention(ASKED)))
    at.slack.wait_said()
    at.speaker.tell(event(mention(ASKED, ts="1700000005.000100")))
    at.speaker.tell(event(mention(ASKED, channel="C2")))
    at.slack.wait_said(3)
    assert [one["conversation_id"] for one in at.engine.asked] == [None, None, None]


def test_a_direct_message_is_answered_in_its_thread(at: Bench) -> None:
    at.speaker.tell(event(direct("What is the starting dose?")))
    (said,) = at.slack.wait_said()
    assert (said.method, said.arguments["channel"], said.arguments["thread_ts"]) == (
        "chat.postMessage",
        "D1",
        "1700000002.000100",
    )
    assert saying.NEAREST in words(said.arguments["blocks"])


def test_in_a_channel_what_goes_beyond_the_label_is_answered_to_the_asker_only(at: Bench) -> None:
    at.speaker.tell(event(mention("What is the starting dose?")))
    (said,) = at.slack.wait_said()
    assert (said.method, said.arguments["user"], said.arguments.get("thread_ts")) == ("chat.postEphemeral", "U1", None)
    assert bold(said.arguments["blocks"])[0].startswith("This label does not contain the starting dose.")


def test_a_private_answer_in_a_begun_thread_stays_in_it(at: Bench) -> None:
    at.speaker.tell(event(mention("What is the dose?", ts="1700000005.000100", thread="1700000001.000100")))
    (said,) = at.slack.wait_said()
    assert (said.method, said.arguments["thread_ts"]) == ("chat.postEphemeral", "1700000001.000100")


@pytest.mark.parametrize(
    "message",
    [
        direct("hello", bot_id="BOTHER"),
        direct("hello", subtype="message_changed", message={"text": ASKED}),
        direct("hello", subtype="message_deleted"),
        direct("hello", subtype="channel_join"),
        direct("hello", channel_type="channel", channel="C1"),
        direct("hello", user="UBOT"),
        mention(ASKED, edited={"user": "U1", "ts": "1"}),
        mention(ASKED, bot_id="BOTHER"),
        {"type": "reaction_added", "user": "U1", "reaction": "eyes"},
    ],
)
def test_what_no_person_asked_just_now_is_acknowledged_and_passed_over(at: Bench, message: dict[str, Any]) -> None:
    assert at.speaker.tell(event(message)).status_code == 200
    at.speaker.tell(event(direct("a question", ts="1700000099.000100")))
    at.slack.wait_said()
    assert len(at.engine.asked) == 1


def test_a_delivery_that_comes_four_times_is_answered_once(at: Bench) -> None:
    body = event(mention(ASKED), id="Ev4")
    codes = [
        at.speaker.tell(body, **({"X-Slack-Retry-Num": str(number)} if number else {})).status_code
        for number in range(4)
    ]
    at.speaker.tell(event(direct("a later question")))
    at.slack.wait_said(2)
    assert codes == [200] * 4
    assert len(at.engine.asked) == 2


def test_a_message_that_is_told_of_twice_is_answered_once(at: Bench) -> None:
    at.speaker.tell(event(mention(ASKED, channel="D1", ts="1700000002.000100")))
    at.speaker.tell(event(direct(ASKED)))
    at.speaker.tell(event(direct("a later question", ts="1700000003.000100")))
    at.slack.wait_said(2)
    assert len(at.engine.asked) == 2


def test_a_delivery_is_answered_once_by_two_processes(tmp_path: Path) -> None:
    body = event(mention(ASKED), id="Ev5")
    with bench(tmp_path) as one, bench(tmp_path) as two:
        one.speaker.tell(body)
        one.slack.wait_said()
        assert two.speaker.tell(body).status_code == 200
        two.speaker.tell(event(direct("a later question")))
        two.slack.wait_said()
        assert (len(one.engine.asked), len(two.engine.asked)) == (1, 1)


def test_a_message_that_comes_late_is_answered_after_those_before_it_only(at: Bench) -> None:
    for number, (second, text) in enumerate(((1, "one"), (3, "three"), (2, "two"), (4, "four")), 1):
        at.speaker.tell(event(direct(text, ts=f"170000000{second}.000100", thread="1700000001.000100")))
        at.slack.wait_said(number)
    assert [(one["conversation_id"], one["history"]) for one in at.engine.asked] == [
        (None, []),
        ("talk-1", []),
        (None, ["one"]),
        ("talk-1", []),
    ]


def test_a_forgotten_conversation_goes_on_from_the_questions_kept(at: Bench) -> None:
    at.speaker.tell(event(direct("one", ts="1700000001.000100")))
    at.slack.wait_said()
    at.engine.forget()
    at.speaker.tell(event(direct("two", ts="1700000002.000100", thread="1700000001.000100")))
    at.slack.wait_said(2)
    assert at.engine.asked[-1]["history"] == ["one"]


def test_the_command_is_answered_to_the_asker(at: Bench) -> None:
    response = at.speaker.enter(command(ASKED, at.slack.response_url()))
    assert (response.status_code, response.text) == (200, "")
    (said,) = at.slack.wait_said()
    assert (said.method, said.arguments["response_type"]) == ("response", "ephemeral")
    assert words(said.arguments["blocks"]).startswith(f"Asked: {ASKED}\n19% (31/164)")


def test_an_empty_command_says_what_to_ask(at: Bench) -> None:
    at.speaker.enter(command("", at.slack.response_url()))
    (said,) = at.slack.wait_said()
    assert words(said.arguments["blocks"]) == saying.NOTHING_ASKED.format(example=saying.EXAMPLE)


def test_the_shortcut_asks_what_a_message_asks(at: Bench) -> None:
    at.speaker.act(shortcut(f"<@U5> {ASKED} &lt;5%?", at.slack.response_url()))
    (said,) = at.slack.wait_said()
    assert words(said.arguments["blocks"]).startswith(f"Asked: {ASKED} <5%?\n19% (31/164)")


def test_a_choice_asks_its_question_in_the_thread_once(at: Bench) -> None:
    at.speaker.tell(event(direct("What is LI, say LI?")))
    (said,) = at.slack.wait_said()
    pressed = press(button(said.arguments["blocks"], "choice"), at.slack.response_url(), channel="D1",
                    thread="1700000002.000100")  # fmt: skip
    at.speaker.act(pressed)
    at.speaker.act(pressed)
    at.slack.wait_said(2)
    at.speaker.tell(event(direct("later", ts="1700000020.000100")))
    at.slack.wait_said(3)
    assert [one.arguments["thread_ts"] for one in at.slack.said[:2]] == ["1700000002.000100"] * 2
    assert words(at.slack.said[1].arguments["blocks"]).startswith("Asked: What is the rate of nausea in adults?\n19%")
    assert len(at.engine.asked) == 3


def test_a_choice_in_a_channel_whose_answer_goes_beyond_the_label_is_for_the_asker_only(at: Bench) -> None:
    chosen = {"type": "button", "action_id": "choice:0", "value": "What is the dose?"}
    at.speaker.act(press(chosen, at.slack.response_url(), thread="1700000001.000100"))
    (said,) = at.slack.wait_said()
    assert (said.method, said.arguments["user"], said.arguments["thread_ts"]) == (
        "chat.postEphemeral",
        "U1",
        "1700000001.000100",
    )


def test_show_more_adds_the_rest(at: Bench) -> None:
    at.speaker.tell(event(mention(ASKED)))
    (said,) = at.slack.wait_said()
    assert CHILD not in words(said.arguments["blocks"])
    at.speaker.act(press(button(said.arguments["blocks"], "more"), at.slack.response_url(), thread="1700000001.000100"))
    rest = at.slack.wait_said(2)[1]
    assert (rest.method, rest.arguments["thread_ts"]) == ("chat.postMessage", "1700000001.000100")
    assert words(rest.arguments["blocks"]).startswith(
        f"{saying.CLOSE}\n15% (6/40)  pediatric patients, Study B\n“{CHILD}”"
    )
    assert "Also searched: feeling sick" in words(rest.arguments["blocks"])


def test_show_more_of_an_answer_that_is_gone_asks_again(at: Bench) -> None:
    at.speaker.tell(event(mention(ASKED)))
    (said,) = at.slack.wait_said()
    at.engine.forget()
    at.speaker.act(press(button(said.arguments["blocks"], "more"), at.slack.response_url()))
    assert CHILD in words(at.slack.wait_said(2)[1].arguments["blocks"])
    assert len(at.engine.asked) == 2


def test_the_boxed_warning_is_one_press_away(at: Bench) -> None:
    at.speaker.tell(event(mention(ASKED)))
    (said,) = at.slack.wait_said()
    at.speaker.act(press(button(said.arguments["blocks"], "boxed"), at.slack.response_url()))
    shown = at.slack.wait_said(2)[1]
    assert (shown.method, shown.arguments["response_type"]) == ("response", "ephemeral")
    assert BOXED_TEXT in words(shown.arguments["blocks"])


@pytest.mark.parametrize(("side", "rating"), [("positive_button", "helpful"), ("negative_button", "not_helpful")])
def test_a_rating_is_kept_with_its_turn(at: Bench, side: str, rating: str) -> None:
    at.speaker.tell(event(mention(ASKED)))
    (said,) = at.slack.wait_said()
    element = said.arguments["blocks"][-1]["elements"][0]
    pressed = {"type": "feedback_buttons", "action_id": element["action_id"], "value": element[side]["value"]}
    at.speaker.act(press(pressed, at.slack.response_url()))
    thanks = at.slack.wait_said(2)[1]
    assert at.engine.rated == [("talk-1-1", rating, "")]
    assert words(thanks.arguments["blocks"]) == saying.RATED
    assert element[side]["accessibility_label"] == f"This answer was {rating.replace('_', ' ')}"


def test_a_rating_of_an_answer_that_is_gone_says_so(at: Bench) -> None:
    at.speaker.act(press({"type": "feedback_buttons", "action_id": "feedback", "value": "helpful gone"},
                         at.slack.response_url()))  # fmt: skip
    assert words(at.slack.wait_said()[0].arguments["blocks"]) == saying.FORGOTTEN


def test_a_press_under_a_private_answer_is_answered_in_private(at: Bench) -> None:
    at.speaker.enter(command(ASKED, at.slack.response_url("1")))
    (said,) = at.slack.wait_said()
    at.speaker.act(press(button(said.arguments["blocks"], "more"), at.slack.response_url("2"), private=True))
    assert at.slack.wait_said(2)[1].arguments["id"] == "2"


def test_opening_the_conversation_suggests_questions_without_a_thread(at: Bench) -> None:
    at.speaker.tell(event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}))
    at.speaker.tell(event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"}))
    at.slack.wait(lambda: at.slack.of("assistant.threads.setSuggestedPrompts"))
    (call,) = at.slack.of("assistant.threads.setSuggestedPrompts")
    assert call.arguments == {
        "channel_id": "D1",
        "title": saying.PROMPTS_TITLE,
        "prompts": [
            {"title": "What is the boxed warning?", "message": "What is the boxed warning?"},
            {"title": "How common was nausea?", "message": "How common was nausea?"},
            {"title": "How common was vomiting?", "message": "How common was vomiting?"},
        ],
    }


def test_the_older_assistant_events_are_answered_too(at: Bench) -> None:
    thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "1700000001.000100", "context": {}}
    at.speaker.tell(event({"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": "1"}))
    at.speaker.tell(event({"type": "assistant_thread_context_changed", "assistant_thread": thread, "event_ts": "2"}))
    at.slack.wait(lambda: at.slack.of("assistant.threads.setSuggestedPrompts"))
    (call,) = at.slack.of("assistant.threads.setSuggestedPrompts")
    assert (call.arguments["channel_id"], call.arguments["thread_ts"]) == ("D1", "1700000001.000100")


# --- who is let in


def test_a_bad_signature_is_refused(at: Bench) -> None:
    assert at.speaker.tell(event(mention(ASKED)), **{"X-Slack-Signature": "v0=00"}).status_code == 401
    assert at.engine.asked == []


def test_a_replayed_signature_is_refused_after_five_minutes(at: Bench) -> None:
    import json
    import time

    body = event(mention(ASKED))
    old = signed(json.dumps(body), at=time.time() - 301)
    assert at.speaker.tell(body, **old).status_code == 401
    fresh = signed(json.dumps(body), at=time.time() - 290)
    assert at.speaker.tell(body, **fresh).status_code == 200
    at.slack.wait_said()
    assert len(at.engine.asked) == 1


def test_the_address_is_verified(at: Bench) -> None:
    response = at.speaker.tell({"type": "url_verification", "token": "t", "challenge": "3eZb"})
    assert (response.status_code, response.json()) == (200, {"challenge": "3eZb"})


# --- what goes wrong


def test_a_rate_limit_is_waited_for(at: Bench) -> None:
    limited = Planned(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
    at.slack.plan("chat.postMessage", limited, limited)
    at.speaker.tell(event(mention(ASKED)))
    at.slack.wait_said(3)
    first, second, third = at.slack.said
    assert second.at - first.at >= 1
    assert third.at - second.at >= 1
    assert first.arguments == third.arguments


def test_a_revoked_token_ends_in_silence_and_the_next_workspace_is_served(
    at: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    at.slack.plan("chat.postMessage", Planned(200, {"ok": False, "error": "token_revoked"}))
    at.speaker.tell(event(mention(ASKED)))
    at.slack.wait_said(1)
    at.speaker.tell(event(direct("next")))
    assert at.slack.wait_said(2)[1].arguments["channel"] == "D1"
    assert "an answer could not be given in Slack: token_revoked" in caplog.text
    assert ASKED not in caplog.text


def test_refused_blocks_are_sent_as_text(at: Bench) -> None:
    at.slack.plan("chat.postMessage", Planned(200, {"ok": False, "error": "invalid_blocks"}))
    at.speaker.tell(event(mention("severe nausea?")))
    refused, sent = at.slack.wait_said(2)
    assert "table" in [block["type"] for block in refused.arguments["blocks"]]
    assert "blocks" not in sent.arguments
    assert "EXAMPLOR (n=40) › Grade ≥3, %: 2" in sent.arguments["text"]


def test_a_fault_is_said_and_its_cause_is_not(at: Bench) -> None:
    at.speaker.tell(event(direct("fail")))
    (said,) = at.slack.wait_said()
    shown = words(said.arguments["blocks"])
    assert shown.startswith("Something went wrong on our side")
    assert "secret cause" not in shown


def test_a_question_that_is_too_long_is_said_to_be(at: Bench) -> None:
    at.speaker.tell(event(direct("why " * 600)))
    (said,) = at.slack.wait_said()
    assert words(said.arguments["blocks"]) == saying.TOO_LONG.format(most=2000)


def test_where_the_assistant_is_not_in_the_channel_it_writes_in_person(at: Bench) -> None:
    at.slack.plan("chat.postEphemeral", Planned(200, {"ok": False, "error": "user_not_in_channel"}))
    at.speaker.tell(event(mention("What is the dose?")))
    private, direct_one = at.slack.wait_said(2)
    assert (private.method, direct_one.method) == ("chat.postEphemeral", "chat.postMessage")
    assert (direct_one.arguments["channel"], direct_one.arguments.get("thread_ts")) == ("U1", None)
