"""The operator's settings, by environment or `.env`."""

import os
import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.activity.loopback import is_loopback
from bot.activity.origins import normal
from bot.errors import SettingsError
from bot.logs import Format

SHORTEST_TOKEN = 16  # characters
TENANT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
CONTACT = re.compile(r"https?://[^\s<>\"']+|[^\s<>\"'@:/?&]+@[^\s<>\"'@:/?&]+")


class Settings(BaseSettings):
    """Names as Bot Framework people know them; every one has a default.

    Without an app id the tutor serves loopback only, since nobody is authenticated there.
    """

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    app_id: str = Field(default="", validation_alias="MicrosoftAppId")
    app_password: str = Field(default="", validation_alias="MicrosoftAppPassword", repr=False)
    app_type: Literal["SingleTenant", "MultiTenant", "UserAssignedMSI"] = Field(
        default="SingleTenant", validation_alias="MicrosoftAppType"
    )
    app_tenant: str = Field(default="", validation_alias="MicrosoftAppTenantId")
    host: str = Field(default="127.0.0.1", validation_alias="HOST")
    port: int = Field(default=3978, ge=1, le=65535, validation_alias="PORT")
    database_url: str = Field(
        default="sqlite:///tutor.db", validation_alias="DATABASE_URL", repr=False
    )
    database_identity: str = Field(default="", validation_alias="AZURE_CLIENT_ID")
    public_url: str = Field(default="", validation_alias="PUBLIC_URL")
    channels: Literal["all", "web"] = Field(default="all", validation_alias="CHANNELS")
    allowed_origins: str = Field(default="", validation_alias="ALLOWED_ORIGINS")
    direct_line_secret: str = Field(default="", validation_alias="DIRECT_LINE_SECRET", repr=False)
    direct_line_url: str = Field(
        default="https://directline.botframework.com", validation_alias="DIRECT_LINE_URL"
    )
    host_token: str = Field(default="", validation_alias="HOST_TOKEN", repr=False)
    host_ids: str = Field(default="", max_length=4000, validation_alias="HOST_IDS")
    insights_token: str = Field(default="", validation_alias="INSIGHTS_TOKEN", repr=False)
    insights_tenant: str = Field(default="", validation_alias="INSIGHTS_TENANT")
    lrs_endpoint: str = Field(default="", validation_alias="LRS_ENDPOINT")
    lrs_username: str = Field(default="", validation_alias="LRS_USERNAME")
    lrs_password: str = Field(default="", validation_alias="LRS_PASSWORD", repr=False)
    proxies: int = Field(default=0, ge=0, le=9, validation_alias="PROXIES")
    operator: str = Field(default="", max_length=200, validation_alias="OPERATOR")
    contact: str = Field(default="", max_length=200, validation_alias="CONTACT")
    paper_url: str = Field(default="", max_length=500, validation_alias="PAPER_URL")
    repository_url: str = Field(default="", max_length=500, validation_alias="REPOSITORY_URL")
    staged_url: str = Field(default="", max_length=500, validation_alias="STAGED_URL")
    staged_key: str = Field(default="", validation_alias="STAGED_KEY", repr=False)
    staged_base: str = Field(default="", max_length=200, validation_alias="STAGED_BASE")
    staged_tuned: str = Field(default="", max_length=200, validation_alias="STAGED_TUNED")
    staged_calls: int = Field(default=200, ge=0, le=1_000_000, validation_alias="STAGED_CALLS")
    staged_wait_s: float = Field(default=20, gt=0, le=120, validation_alias="STAGED_WAIT_S")
    room_days: int = Field(default=90, ge=1, le=36_500, validation_alias="ROOM_DAYS")
    badge_key: str = Field(default="", validation_alias="BADGE_KEY", repr=False)
    history_days: int = Field(default=90, ge=1, le=36_500, validation_alias="HISTORY_DAYS")
    retention_days: int | None = Field(
        default=None, ge=30, le=36_500, validation_alias="RETENTION_DAYS"
    )
    log_format: Format = Field(default="auto", validation_alias="LOG_FORMAT")
    drain_s: float = Field(default=0, ge=0, le=600, validation_alias="DRAIN_S")
    otlp_endpoint: str = Field(default="", validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    app_insights: str = Field(
        default="", validation_alias="APPLICATIONINSIGHTS_CONNECTION_STRING", repr=False
    )

    @field_validator("app_type", mode="before")
    @classmethod
    def _in_any_case(cls, given: object) -> object:
        """Microsoft's own pages write the last one in two ways."""
        kinds = {kind.lower(): kind for kind in ("SingleTenant", "MultiTenant", "UserAssignedMSI")}
        return kinds.get(str(given).lower(), given)

    @property
    def address(self) -> str:
        """Where learners' clients reach the tutor, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def is_at_home(self) -> bool:
        """Whether whoever calls `/api/messages` is believed: then nobody else may reach it."""
        return not self.app_id and self.channels == "all"

    @property
    def doubts(self) -> tuple[str, ...]:
        """What the tutor starts with, though it is hardly meant: a sentence for each."""
        found = []
        if self.public_url.startswith("https://") and not self.proxies:
            found.append(
                "PUBLIC_URL is https, so something in front ends TLS, and with PROXIES=0 all "
                "learners seem to come from its one address and share one limit: set PROXIES to "
                "the number of proxies in front (mostly 1)."
            )
        if self.app_id and not self.public_url:
            found.append(
                "MicrosoftAppId is set without PUBLIC_URL, so links and pictures on cards lead to "
                f"{self.address}, which learners can't reach: set PUBLIC_URL to the tutor's https "
                "address."
            )
        return tuple(found)

    @property
    def hosts(self) -> frozenset[str]:
        """The people who may host by typing it in Teams, by their ids in Microsoft Entra."""
        return frozenset(one for part in self.host_ids.split(",") if (one := part.strip().lower()))

    @property
    def embedders(self) -> tuple[str, ...]:
        """The origins whose pages may show the tutor, as browsers write them."""
        found = (normal(one) for one in self._listed_origins)
        return tuple(dict.fromkeys(one for one in found if one))

    @property
    def wrong_origins(self) -> tuple[str, ...]:
        """What stands in ALLOWED_ORIGINS and is no origin."""
        return tuple(one for one in self._listed_origins if normal(one) is None)

    @property
    def _listed_origins(self) -> tuple[str, ...]:
        return tuple(one for part in self.allowed_origins.split(",") if (one := part.strip()))


def parse(env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings, each for itself. Raises SettingsError with one sentence."""
    try:
        # The environment gives the values; pydantic's plugin doesn't know of that.
        return Settings(_env_file=env_file)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        msg = f"Change {name}: {first['msg'][0].lower()}{first['msg'][1:]}."
        raise SettingsError(msg) from None


def read(env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings and check that the tutor can start with them. Raises SettingsError."""
    settings = parse(env_file)
    if not settings.app_id and settings.channels == "all" and not is_loopback(settings.host):
        msg = (
            f"HOST={settings.host} would let anybody on the network speak to /api/messages: "
            "set MicrosoftAppId (and its password and tenant), or set CHANNELS=web to serve "
            "the own page alone."
        )
        raise SettingsError(msg)
    if settings.app_id and settings.app_type != "UserAssignedMSI" and not settings.app_password:
        msg = (
            "MicrosoftAppId is set: set MicrosoftAppPassword too, "
            "or MicrosoftAppType=UserAssignedMSI."
        )
        raise SettingsError(msg)
    if settings.app_id and settings.app_type != "MultiTenant" and not settings.app_tenant:
        msg = f"MicrosoftAppType is {settings.app_type}: set MicrosoftAppTenantId too."
        raise SettingsError(msg)
    _check_database(settings.database_url)
    if settings.public_url and not settings.public_url.startswith(("http://", "https://")):
        msg = "Change PUBLIC_URL: it begins with https:// (or http:// on loopback)."
        raise SettingsError(msg)
    _check_embedding(settings)
    if settings.contact and not CONTACT.fullmatch(settings.contact):
        msg = "Change CONTACT: it is an e-mail address, or a web address with https://."
        raise SettingsError(msg)
    for name, address in (
        ("PAPER_URL", settings.paper_url),
        ("REPOSITORY_URL", settings.repository_url),
    ):
        if address and not CONTACT.fullmatch(address):
            msg = f"Change {name}: it is a web address with https://."
            raise SettingsError(msg)
    _check_staged(settings)
    _check_records(settings)
    _check_tenant(settings)
    _check_token("HOST_TOKEN", settings.host_token)
    _check_hosts(settings)
    _check_token("INSIGHTS_TOKEN", settings.insights_token)
    return settings


def _check_token(name: str, token: str) -> None:
    is_plain = token.isascii() and token.isprintable() and " " not in token
    if token and not (len(token) >= SHORTEST_TOKEN and is_plain):
        msg = (
            f"Change {name}: it has at least {SHORTEST_TOKEN} letters, digits and signs, so that "
            "nobody guesses it."
        )
        raise SettingsError(msg)


def _check_hosts(settings: Settings) -> None:
    for one in sorted(settings.hosts):
        if not TENANT.fullmatch(one):
            msg = (
                f"Change HOST_IDS: {one} is no object id of Microsoft Entra (36 letters, digits "
                "and hyphens), as Teams knows people by."
            )
            raise SettingsError(msg)


def _check_tenant(settings: Settings) -> None:
    """Elsewhere than in Container Apps anybody could say that they were signed in."""
    if not settings.insights_tenant:
        return
    if not TENANT.fullmatch(settings.insights_tenant):
        msg = "Change INSIGHTS_TENANT: it is a tenant's id, 36 letters, digits and hyphens."
        raise SettingsError(msg)
    if "CONTAINER_APP_NAME" not in os.environ:  # which the platform sets
        msg = (
            "Take INSIGHTS_TENANT away: it needs the sign-in of Azure Container Apps, and the "
            "tutor doesn't run there (nothing has set CONTAINER_APP_NAME)."
        )
        raise SettingsError(msg)


def _check_database(url: str) -> None:
    if not url.startswith(("sqlite:///", "postgresql://")):
        msg = "Change DATABASE_URL: it begins with sqlite:/// (a file) or postgresql://."
        raise SettingsError(msg)
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        msg = "Change DATABASE_URL: it is an address such as postgresql://name:password@host/tutor."
        raise SettingsError(msg) from None
    if address.drivername == "sqlite" and address.database in (None, "", ":memory:"):
        msg = "Change DATABASE_URL: it names no file, and what learners did must outlive the tutor."
        raise SettingsError(msg)


def _check_staged(settings: Settings) -> None:
    given = (settings.staged_url, settings.staged_base, settings.staged_tuned)
    if any(given) and not all(given):
        msg = "Set STAGED_URL, STAGED_BASE and STAGED_TUNED together, or none of them."
        raise SettingsError(msg)
    host = urlsplit(settings.staged_url).hostname or ""
    scheme = urlsplit(settings.staged_url).scheme
    is_safe = scheme == "https" or (scheme == "http" and is_loopback(host))
    if settings.staged_url and not (host and is_safe):
        msg = (
            "Change STAGED_URL: it is an address such as "
            "https://name.openai.azure.com/openai/v1 (http:// on loopback alone)."
        )
        raise SettingsError(msg)


def _check_records(settings: Settings) -> None:
    given = (settings.lrs_endpoint, settings.lrs_username, settings.lrs_password)
    if any(given) and not all(given):
        msg = "Set LRS_ENDPOINT, LRS_USERNAME and LRS_PASSWORD together, or none of them."
        raise SettingsError(msg)
    if not settings.lrs_endpoint:
        return
    if ":" in settings.lrs_username:
        msg = "Change LRS_USERNAME: there is no : in it."
        raise SettingsError(msg)
    host = urlsplit(settings.lrs_endpoint).hostname or ""
    scheme = urlsplit(settings.lrs_endpoint).scheme
    if not host or not (scheme == "https" or (scheme == "http" and is_loopback(host))):
        msg = (
            "Change LRS_ENDPOINT: it is an address such as https://lrs.example.org/xapi "
            "(http:// on loopback alone)."
        )
        raise SettingsError(msg)


def _check_embedding(settings: Settings) -> None:
    if settings.wrong_origins:
        msg = (
            f"Change ALLOWED_ORIGINS: {settings.wrong_origins[0]} is no origin such as "
            "https://events.example (no path, no *; http:// on loopback alone)."
        )
        raise SettingsError(msg)
    if not settings.direct_line_secret:
        return
    service = normal(settings.direct_line_url)
    if service is None:
        msg = (
            "Change DIRECT_LINE_URL: it is an address such as https://directline.botframework.com."
        )
        raise SettingsError(msg)
    if settings.channels == "web":
        msg = (
            "DIRECT_LINE_SECRET is set: Azure brings the page's messages to /api/messages, "
            "so take CHANNELS=web away."
        )
        raise SettingsError(msg)
    if not settings.app_id and service.startswith("https:"):
        msg = "DIRECT_LINE_SECRET is set: set MicrosoftAppId (and its password and tenant) too."
        raise SettingsError(msg)
