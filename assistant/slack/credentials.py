"""Slack's keys, from the environment alone, under the names that Slack's own guides use. None is ever logged or shown.

SLACK_BOT_TOKEN       xoxb-...   one workspace
SLACK_CLIENT_ID, SLACK_CLIENT_SECRET   several workspaces, each installing by OAuth
SLACK_SIGNING_SECRET             requests over HTTP
SLACK_APP_TOKEN       xapp-...   Socket Mode
SLACK_API_URL                    another Slack, as https://slack-gov.com/api/
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from assistant.errors import BadSetting

_API = "https://slack.com/api/"
_SHAPES = {"bot_token": "xoxb-", "app_token": "xapp-"}  # nosec B105: how tokens begin, none of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The keys of one Slack app; an empty one is not given."""

    bot_token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    api_url: str = _API

    @property
    def has_workspace(self) -> bool:
        """Whether there is a workspace to answer in: one by its token, or those that install."""
        return bool(self.bot_token or (self.client_id and self.client_secret))

    @property
    def serves_http(self) -> bool:
        """Whether Slack's requests can be checked and answered."""
        return bool(self.signing_secret) and self.has_workspace

    @property
    def authorize_url(self) -> str:
        """Where a workspace's administrator agrees to install."""
        return f"{self.api_url.removesuffix('/').removesuffix('/api')}/oauth/v2/authorize"


def from_environment(environment: Mapping[str, str] = os.environ) -> Credentials:
    """The keys in the environment; raises BadSetting for one that is no key of its kind."""
    names = [one.name for one in fields(Credentials)]
    found = {name: environment.get(f"SLACK_{name.upper()}", "").strip() for name in names}
    for name, start in _SHAPES.items():
        if found[name] and not found[name].startswith(start):
            remedy = f"It begins with {start}; see Slack in the README"
            raise BadSetting("is no token of that kind", place=f"SLACK_{name.upper()}", remedy=remedy)
    url = found.pop("api_url") or _API
    return Credentials(**found, api_url=url if url.endswith("/") else f"{url}/")


def need(credentials: Credentials, *names: str) -> None:
    """Raise BadSetting for the first of these that is not given."""
    for name in names:
        if not getattr(credentials, name):
            remedy = "Put it into the environment; see Slack in the README"
            raise BadSetting("is missing", place=f"SLACK_{name.upper()}", remedy=remedy)
