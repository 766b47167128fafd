"""The machine's own loopback, where nobody else listens."""

from functools import lru_cache
from ipaddress import ip_address


@lru_cache(maxsize=200)
def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own loopback."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
