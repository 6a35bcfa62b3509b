"""What Slack needs to be remembered: which events were seen, and each team's installation.

In: an event's id, or an installation as plain values. Out: `Seen`, `Installations`. Left out: talking to Slack.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.storing.opening import Database
from assistant.storing.tables import slack_events, slack_installations


class Seen:
    """Events by id, so that one which Slack repeats is answered once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first(self, event: str) -> bool:
        """Whether this event was never seen before; from now on it was, for every process."""
        try:
            with self._database.writing() as connection:
                connection.execute(insert(slack_events).values(id=event[:200], seen=time.time()))
        except IntegrityError:
            return False
        return True


class Installations:
    """Installations by enterprise and team; either may be empty."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, team: str, enterprise: str, installation: Mapping[str, Any]) -> None:
        """Keep an installation in place of the last one."""
        row = {"team": team, "enterprise": enterprise, "installation": json.dumps(dict(installation))}
        with self._database.writing() as connection:
            connection.execute(delete(slack_installations).where(*_of(team, enterprise)))
            connection.execute(insert(slack_installations).values(**row, changed=time.time()))

    def find(self, team: str, enterprise: str = "") -> dict[str, Any] | None:
        """The installation, None where there is none."""
        wanted = select(slack_installations.c.installation).where(*_of(team, enterprise))
        with self._database.reading() as connection:
            found = connection.execute(wanted).scalar()
        return dict(json.loads(found)) if found is not None else None

    def remove(self, team: str, enterprise: str = "") -> None:
        """Forget an installation."""
        with self._database.writing() as connection:
            connection.execute(delete(slack_installations).where(*_of(team, enterprise)))


def _of(team: str, enterprise: str) -> Any:
    return (slack_installations.c.team == team, slack_installations.c.enterprise == enterprise)
