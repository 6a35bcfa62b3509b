"""What Slack tells, and what is done about it: mentions, direct messages, /label, "Ask the label", buttons, openings.

In: bolt's app, a `Desk` and a `Delivery`. Out: listeners. In channels it answers only where it was asked, in the thread; a
question that goes beyond the label is answered to the asker only. Messages of bots, edits and deletions are passed over.
Left out: signatures, acknowledging and tokens, which are bolt's, and duplicates (`app`).
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from assistant.slack import limits, saying
from assistant.slack.arranging import Arranged
from assistant.slack.blocks import Piece, Run, paragraph, small
from assistant.slack.delivering import Delivery, Place
from assistant.slack.desk import Asked, Desk
from assistant.slack.once import Once
from assistant.slack.packing import messages
from assistant.slack.pressing import BOXED, CHOICE, FEEDBACK, MORE, rating_of, rest_of
from assistant.slack.texts import asked

COMMAND = "/label"
SHORTCUT = "ask_the_label"
_SOON = 0.5  # seconds after which a status is shown
_Body = dict[str, Any]


class Listeners:
    """What is done about each thing that Slack tells."""

    def __init__(self, desk: Desk, delivery: Delivery, once: Once) -> None:
        self._desk = desk
        self._delivery = delivery
        self._once = once

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.event("app_mention")(self._mentioned)
        app.event("message")(self._written)
        app.event("app_home_opened")(self._opened)
        app.event("assistant_thread_started")(self._opened)
        app.event("assistant_thread_context_changed")(_nothing)
        app.command(COMMAND)(self._commanded)
        app.message_shortcut(SHORTCUT)(self._shortcut)
        for action, pressed in (
            (MORE, self._more),
            (BOXED, self._boxed),
            (CHOICE, self._chosen),
            (FEEDBACK, self._rated),
        ):
            app.action(_named(action))(pressed)

    async def _mentioned(self, event: _Body, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if _is_from_a_person(event):
            await self._answer(event, client, context, in_channel=not event["channel"].startswith("D"))

    async def _written(self, event: _Body, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if event.get("channel_type") == "im" and _is_from_a_person(event):
            await self._answer(event, client, context, in_channel=False)

    async def _answer(
        self, event: _Body, client: AsyncWebClient, context: AsyncBoltContext, *, in_channel: bool
    ) -> None:
        channel, ts = event["channel"], event["ts"]
        team = _team(context)
        if not await self._once.claim(f"message {team}/{channel}/{ts}"):  # told of twice, as a message and as a mention
            return
        thread = event.get("thread_ts") or ts
        place = Place(client=client, channel=channel, user=event["user"], thread=thread)
        message = Asked(text=event.get("text", ""), team=team, thread=f"{team}/{channel}/{thread}", ts=ts)
        answer, has_status = await self._with_status(place, message)
        if in_channel and answer.is_beyond_label:
            place = _for_the_asker(place, event.get("thread_ts"))
        await self._delivery.send(place, messages(answer.first))
        if has_status and place.is_private:  # only an answer that all see takes it away
            await self._delivery.status(replace(place, thread=thread), "")

    async def _with_status(self, place: Place, message: Asked) -> tuple[Arranged, bool]:
        """The answer, and whether a status was shown since it took longer than a moment."""
        answering = asyncio.ensure_future(self._desk.ask(message))
        done, _ = await asyncio.wait({answering}, timeout=_SOON)
        if done:
            return answering.result(), False
        telling = asyncio.ensure_future(self._delivery.status(place, saying.STATUS))
        answer = await answering
        telling.cancel()  # a status that is late, as under a rate limit, must not hold up the answer
        return answer, True

    async def _commanded(
        self, ack: AsyncAck, command: _Body, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        place = Place(
            client=client,
            channel=command["channel_id"],
            user=command["user_id"],
            response_url=command["response_url"],
        )
        await self._alone(place, command.get("text", ""), _team(context))

    async def _shortcut(
        self, ack: AsyncAck, shortcut: _Body, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        message = shortcut["message"]
        place = Place(
            client=client,
            channel=shortcut["channel"]["id"],
            user=shortcut["user"]["id"],
            thread=message.get("thread_ts"),
            response_url=shortcut["response_url"],
        )
        await self._alone(place, message.get("text", ""), _team(context))

    async def _alone(self, place: Place, text: str, team: str) -> None:
        """Answer a question that stands alone, repeating it, since nobody else saw it."""
        answer = await self._desk.ask(Asked(text=text, team=team))
        await self._delivery.send(place, messages((*_repeated(text), *answer.first)))

    async def _chosen(self, ack: AsyncAck, body: _Body, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        await ack()
        place, question = _pressed_at(body, client), body["actions"][0]["value"]
        if not await self._first_press(body):
            return
        team = _team(context)
        thread = f"{team}/{place.channel}/{place.thread}" if not place.response_url else ""
        pressed = Asked(text=question, team=team, thread=thread, ts=body["actions"][0]["action_ts"])
        answer = await self._desk.ask(pressed)
        if answer.is_beyond_label and not place.channel.startswith("D"):
            place = _for_the_asker(place, place.thread)
        await self._delivery.send(place, messages((*_repeated(question), *answer.first)))

    async def _more(self, ack: AsyncAck, body: _Body, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        await ack()
        if await self._first_press(body):
            rest = await self._desk.rest(rest_of(body["actions"][0]["value"]), _team(context))
            await self._delivery.send(_pressed_at(body, client), messages(rest))

    async def _boxed(self, ack: AsyncAck, body: _Body, client: AsyncWebClient) -> None:
        await ack()
        await self._tell(body, client, await self._desk.boxed(body["actions"][0]["value"]))

    async def _rated(self, ack: AsyncAck, body: _Body, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        await ack()
        rating, turn = rating_of(body["actions"][0]["value"])
        said = await self._desk.rate(turn, rating, _team(context))
        await self._tell(body, client, tuple(paragraph(Run(text=said))))

    async def _tell(self, body: _Body, client: AsyncWebClient, pieces: Sequence[Piece]) -> None:
        """Say something to the one who pressed, and to nobody else."""
        place = replace(_pressed_at(body, client), response_url=body["response_url"])
        await self._delivery.send(place, messages(pieces))

    async def _first_press(self, body: _Body) -> bool:
        """Whether a button under a message is pressed for the first time."""
        action, container = body["actions"][0], body["container"]
        what = f"{action['action_id']}/{container.get('message_ts')}"
        return await self._once.first(f"press {container.get('channel_id')}/{what}")

    async def _opened(self, event: _Body, client: AsyncWebClient) -> None:
        """Suggest questions where someone opens the conversation; the older event names a thread, the newer must not."""
        older = event.get("assistant_thread")
        if not older and event.get("tab") != "messages":
            return
        prompts = [{"title": text, "message": text} for text in await self._desk.prompts()]
        await client.assistant_threads_setSuggestedPrompts(
            channel_id=older["channel_id"] if older else event["channel"],
            thread_ts=older["thread_ts"] if older else None,
            title=saying.PROMPTS_TITLE,
            prompts=prompts[: limits.PROMPTS],
        )


async def _nothing() -> None:
    """What needs no answer."""


def _team(context: AsyncBoltContext) -> str:
    """Where the app is installed; a press names a workspace also where an enterprise has installed it for all of them."""
    if context.is_enterprise_install and context.enterprise_id:
        return context.enterprise_id
    return context.team_id or context.enterprise_id or ""


def _named(action: str) -> re.Pattern[str]:
    """The action ids of an action, which end with their place among the buttons."""
    return re.compile(rf"^{action}(?::\d+)?$")


def _is_from_a_person(event: _Body) -> bool:
    """Whether a message was written by a person just now: not by a bot, not edited, deleted or joined."""
    by_a_bot = event.get("bot_id") or event.get("app_id") or event.get("subtype") == "bot_message"
    changed = "edited" in event or event.get("subtype") not in (None, "file_share", "thread_broadcast")
    return bool(event.get("user")) and not by_a_bot and not changed


def _pressed_at(body: _Body, client: AsyncWebClient) -> Place:
    """Where the message with the pressed button stands; one for a single reader is answered to that reader."""
    container = body["container"]
    private = bool(container.get("is_ephemeral"))
    thread = container.get("thread_ts") or body.get("message", {}).get("thread_ts")
    return Place(
        client=client,
        channel=container["channel_id"],
        user=body["user"]["id"],
        thread=thread if private else thread or container["message_ts"],
        response_url=body["response_url"] if private else "",
    )


def _for_the_asker(place: Place, thread: str | None) -> Place:
    """The same place, but nobody else sees it; Slack shows it in a thread only where the thread has begun."""
    return replace(place, is_private=True, thread=thread)


def _repeated(question: str) -> Sequence[Piece]:
    """The question that an answer belongs to."""
    return tuple(small(f"{saying.ASKED}{asked(question)}")) if asked(question) else ()
