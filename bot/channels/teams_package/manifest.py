"""The app's manifest, by Microsoft's schema 1.29."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from bot.channels.teams_package import icons
from bot.errors import SettingsError
from content.strings import Strings

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json"
SCHEMA_VERSION = "1.29"
SCOPES = ("personal", "team", "groupChat")
ACCENT = "#0F6CBD"

Manifest = dict[str, object]


@dataclass(frozen=True)
class App:
    """What differs from one installation to the next.

    `url` is the tutor's public address. Teams takes an update only with a higher `version`.
    """

    bot_id: str
    url: str
    version: str
    developer: str
    privacy: str
    terms: str

    def check(self) -> None:
        """Raise SettingsError with what Teams would refuse, and how to mend it."""
        if not self.bot_id:
            raise SettingsError("Set MicrosoftAppId, or give --app-id: the bot's app id in Azure.")
        if not _is_guid(self.bot_id):
            raise SettingsError(
                f"Change MicrosoftAppId or --app-id: {self.bot_id!r} is no app id "
                "(like 00000000-0000-0000-0000-000000000000)."
            )
        if not self.url:
            raise SettingsError("Set PUBLIC_URL, or give --url: the tutor's https address.")
        for name, url in (
            ("PUBLIC_URL or --url", self.url),
            ("--privacy", self.privacy),
            ("--terms", self.terms),
        ):
            if not _is_https(url):
                raise SettingsError(f"Change {name}: Teams takes https addresses, not {url!r}.")
        if not re.fullmatch(r"[1-9]\d*\.\d+\.\d+", self.version):
            raise SettingsError(
                f"Change --app-version: {self.version!r} isn't three numbers like 1.0.0, "
                "the first above 0."
            )
        if not 0 < len(self.developer) <= 32:  # noqa: PLR2004, Microsoft's own limit
            raise SettingsError("Change --developer: a name has 1 to 32 characters.")


def manifest(app: App, strings: Strings) -> Manifest:
    """What the app is and can do, as Teams reads it."""
    words = strings.teams
    return {
        "$schema": SCHEMA,
        "manifestVersion": SCHEMA_VERSION,
        "version": app.version,
        "id": app.bot_id,
        "localizationInfo": {"defaultLanguageTag": "en"},
        "developer": {
            "name": app.developer,
            "websiteUrl": app.url,
            "privacyUrl": app.privacy,
            "termsOfUseUrl": app.terms,
        },
        "name": {"short": words.name, "full": words.full_name},
        "description": {"short": words.summary, "full": words.about},
        "icons": {"color": icons.COLOR, "outline": icons.OUTLINE},
        "accentColor": ACCENT,
        "bots": [
            {
                "botId": app.bot_id,
                "scopes": list(SCOPES),
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [{"scopes": list(SCOPES), "commands": _commands(strings)}],
            }
        ],
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        "permissions": ["identity"],
        "validDomains": [urlsplit(app.url).hostname],
    }


def _commands(strings: Strings) -> list[dict[str, str]]:
    """What Teams offers to type: the word that the tutor itself shows for each command."""
    forms = strings.tutor.commands
    return [
        {"title": forms[name][0], "description": about}
        for name, about in strings.teams.commands.items()
    ]


def _is_guid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)
