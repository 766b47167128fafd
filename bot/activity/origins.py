"""Origins: an address's scheme, host and port."""

from functools import lru_cache
from urllib.parse import urlsplit

from yarl import URL

from bot.activity.loopback import is_loopback

PORTS = {"https": 443, "http": 80}
LONGEST = 1000  # characters of an address


def normal(text: str) -> str | None:
    """An origin as browsers write it; None when it is none, or not a safe one."""
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    is_bare = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    is_name = host and all(c.isalnum() or c in ".-:" for c in host)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not (is_bare and is_name and is_safe) or port == 0:
        return None
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + ("" if port in (None, PORTS[parts.scheme]) else f":{port}")


def origin_of(url: object) -> URL | None:
    """An address's scheme, host and port, as the client reads them that will call there."""
    text = str(url)
    return _origin(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=200)
def _origin(text: str) -> URL | None:
    try:
        return URL(text).origin()
    except ValueError:
        return None


def is_near(url: object) -> bool:
    """Whether an address is on this machine's loopback."""
    origin = origin_of(url)
    return origin is not None and is_loopback(origin.host or "")
