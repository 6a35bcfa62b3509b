"""Slack over HTTP: its events, commands and presses at one address, and installing by OAuth.

In: a `Bot`. Out: routes for the application that serves the web chat: POST /slack/events, GET /slack/install, GET
/slack/oauth_redirect. Left out: everything but passing on; bolt checks and answers.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler

from assistant.slack.app import Bot


def router(bot: Bot) -> APIRouter:
    """The routes of a bot; while the application runs it keeps its connections to Slack."""

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with bot:
            yield

    routes = APIRouter(include_in_schema=False, lifespan=running)
    handler = AsyncSlackRequestHandler(bot.app)

    @routes.post("/slack/events")
    async def events(request: Request) -> Response:
        """Everything that Slack tells."""
        return await handler.handle(request)

    if bot.app.oauth_flow is not None:

        @routes.get("/slack/install")
        async def install(request: Request) -> Response:
            """On to Slack, where an administrator agrees."""
            return await handler.handle(request)

        @routes.get("/slack/oauth_redirect")
        async def installed(request: Request) -> Response:
            """Back from Slack: the installation is kept."""
            return await handler.handle(request)

    return routes
