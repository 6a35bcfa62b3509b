"""The app manifest, ready to paste: for Socket Mode, or for HTTP where there is a public address.

In: `manifest.yaml` and the setting `base_url`. Out: YAML. Left out: reading it; it is changed line by line, so that its
comments stay.
"""

from pathlib import Path

_FILE = Path(__file__).with_name("manifest.yaml")


def manifest(base_url: str = "") -> str:
    """The manifest of the app that answers at this address; without one, of an app in Socket Mode."""
    text = _FILE.read_text(encoding="utf-8")
    if not base_url:
        return text
    base = base_url.rstrip("/")
    events = f"{base}/slack/events"
    for before, after in (
        ("# As it stands it uses Socket Mode. For HTTP,", f"# For HTTP at {base}. Without `base_url`,"),
        (" with `base_url` set writes the other one.", " writes the one for Socket Mode."),
        ("    - command: /label\n", f"    - command: /label\n      url: {events}\n"),
        ("oauth_config:\n", f"oauth_config:\n  redirect_urls:\n    - {base}/slack/oauth_redirect\n"),
        ("  event_subscriptions:\n", f"  event_subscriptions:\n    request_url: {events}\n"),
        ("    is_enabled: true\n", f"    is_enabled: true\n    request_url: {events}\n"),
        ("socket_mode_enabled: true", "socket_mode_enabled: false"),
    ):
        assert before in text
        text = text.replace(before, after)
    return text
