"""Engine, settings and keys in, bolt's app out: authorized, patient with rate limits, each delivery answered once.

In: an `Engine`, `Settings`, `Credentials` and `Stores`. Out: `Bot`. Bolt checks signature and five-minute window,
acknowledges, finds the workspace's token and drops what the app itself wrote. Left out: how requests arrive (`routing`,
`sockets`).
"""

import logging
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.web.async_client import AsyncWebClient

from assistant.settings import Settings
from assistant.slack import saying
from assistant.slack.credentials import Credentials
from assistant.slack.delivering import Delivery, patient
from assistant.slack.desk import Desk
from assistant.slack.engine import Engine
from assistant.slack.keeping import Stores
from assistant.slack.listening import Listeners
from assistant.slack.once import Once

log = logging.getLogger(__name__)
SCOPES = ("app_mentions:read", "assistant:write", "chat:write", "commands", "im:history")
_ENDING = 10  # seconds that answers under way are waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """The app with what has to be closed."""

    app: AsyncApp
    desk: Desk
    once: Once
    stores: Stores

    async def __aenter__(self) -> "Bot":
        """Keep one pool of connections to Slack."""
        self.app.client.session = ClientSession(trust_env=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the answers under way, then close files and connections."""
        await self.once.wait(_ENDING)
        self.desk.close()
        self.once.close()
        self.stores.close()
        if self.app.client.session:
            await self.app.client.session.close()
            self.app.client.session = None


def build(engine: Engine, settings: Settings, credentials: Credentials, stores: Stores) -> Bot:
    """The bot of one Slack app: of one workspace by its token, or of every workspace that installs."""
    quiet = logging.getLogger(f"{__name__}.bolt")
    quiet.setLevel(logging.WARNING)  # subtle: bolt's own information holds what people wrote
    several = bool(credentials.client_id and credentials.client_secret)
    app = AsyncApp(
        name="label-assistant",
        logger=quiet,
        signing_secret=credentials.signing_secret,
        client=AsyncWebClient(
            token=None if several else credentials.bot_token,
            base_url=credentials.api_url,
            retry_handlers=patient(),
            logger=quiet,
        ),
        oauth_settings=_installing(settings, credentials, stores) if several else None,
        user_facing_authorize_error_message=saying.NOT_INSTALLED,
        raise_error_for_unhandled_request=True,
    )
    app.error(_failed)
    once, desk = Once(stores.seen), Desk(engine, settings, stores.threads)
    once.watch(app)
    Listeners(desk, Delivery(), once).register(app)
    if several:
        app.enable_token_revocation_listeners()
    return Bot(app=app, desk=desk, once=once, stores=stores)


def _installing(settings: Settings, credentials: Credentials, stores: Stores) -> AsyncOAuthSettings:
    base = settings.base_url.rstrip("/")
    oauth = AsyncOAuthSettings(
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
        scopes=SCOPES,
        user_scopes=[],
        redirect_uri=f"{base}/slack/oauth_redirect" if base else None,
        install_page_rendering_enabled=False,
        authorization_url=credentials.authorize_url,
        installation_store=stores.installations,
        state_store=stores.states,
    )
    oauth.authorize.cache_enabled = True  # type: ignore[attr-defined]  # a token is tested once, not at every event
    return oauth


async def _failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """What no listener wants is acknowledged; what fails is logged without what anyone wrote."""
    if not isinstance(error, BoltUnhandledRequestError):
        kind = body.get("event", {}).get("type") or body.get("type") or body.get("command")
        log.error("fault in Slack at %s", kind, exc_info=error)
    return BoltResponse(status=200, body="")
