"""A real model behind an OpenAI-compatible chat endpoint, base and tuned.

The key never leaves the server: it is in no page, no log line and no error.
"""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

LONGEST_ANSWER = 4_000  # characters; what is longer is cut
LARGEST_LINE = 256 * 1024  # bytes
AZURE = (".azure.com", ".azure.us", ".azure.cn")  # where a key stands in a header of its own

Failure = Literal["refused", "busy", "away", "slow", "filtered", "garbled", "budget", "unstaged"]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answered:
    """What a model said; `is_cut`: it had more to say."""

    text: str
    is_cut: bool = False


@dataclass(frozen=True)
class Failed:
    """Why there is no answer.

    What was asked for was refused (a wrong key, a missing deployment), the service is busy, away
    or too slow, its filter stepped in, or what came is no answer.
    `wait_s` is when it may be asked again, where it says so.
    """

    why: Failure
    wait_s: int | None = None


Answer = Answered | Failed


class Endpoint:
    """Asks deployments of one service. `wait_s` is for a whole answer."""

    def __init__(self, session: ClientSession, address: str, key: str, wait_s: float) -> None:
        self._session, self._wait_s = session, wait_s
        self._address = completions(address)
        host = urlsplit(address).hostname or ""
        self._headers = {}
        if key and host.endswith(AZURE):
            self._headers = {"api-key": key}
        elif key:
            self._headers = {"Authorization": f"Bearer {key}"}

    async def ask(self, model: str, question: str, instructions: str = "") -> Answer:
        """Put a question to a model, as streamed; it never raises."""
        said = [{"role": "user", "content": question}]
        if instructions:
            said.insert(0, {"role": "system", "content": instructions})
        body = {"model": model, "messages": said, "stream": True}
        timeout = ClientTimeout(total=self._wait_s)
        try:
            async with self._session.post(
                self._address,
                json=body,
                headers=self._headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                if response.status != 200:  # noqa: PLR2004 (OK)
                    return await _failed(response)
                return await _read(response)
        except TimeoutError:
            return Failed("slow")
        except (ClientError, OSError) as error:
            log.warning("the staged endpoint is away: %s", type(error).__name__)
            return Failed("away")
        except ValueError:
            return Failed("garbled")


def completions(address: str) -> str:
    """Where a service's chat completions are, by its base address; a query stays."""
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    if not path.endswith("/chat/completions"):
        path = f"{path}/chat/completions"
    return urlunsplit(parts._replace(path=path))


async def _failed(response: ClientResponse) -> Failed:
    """Why the service gave no answer; what it says in words stays here, since it may quote."""
    status = response.status
    log.warning("the staged endpoint answered %d", status)
    if status in (401, 403, 404):
        return Failed("refused")
    if status == 429:  # noqa: PLR2004 (too many requests)
        given = response.headers.get("Retry-After", "")
        return Failed("busy", int(given) if given.isdecimal() and len(given) < 6 else None)  # noqa: PLR2004
    if status == 400:  # noqa: PLR2004 (Azure's filter answers so)
        text = (await response.content.read(LARGEST_LINE)).decode(errors="replace")
        return Failed("filtered" if "content_filter" in text else "refused")
    return Failed("away" if status >= 500 else "garbled")  # noqa: PLR2004 (its own fault)


async def _read(response: ClientResponse) -> Answer:
    """Put the answer's pieces together; also of a service that doesn't stream."""
    if response.content_type == "application/json":
        return _whole(await response.json())
    text, ending = "", None
    async for piece in _pieces(response):
        choices = piece.get("choices")
        if not isinstance(choices, list) or not choices:
            continue  # Azure begins with what its filter says of the prompt
        delta = choices[0].get("delta") or {}
        text += delta.get("content") or ""
        ending = choices[0].get("finish_reason") or ending
        if len(text) > LONGEST_ANSWER:
            return Answered(text[:LONGEST_ANSWER], is_cut=True)
    if ending == "content_filter":
        return Failed("filtered")
    if not text.strip():
        return Failed("garbled")
    # A stream that broke off has no ending: what came is shown, and that there was more.
    return Answered(text.strip(), is_cut=ending != "stop")


async def _pieces(response: ClientResponse) -> AsyncIterator[Any]:
    async for raw in response.content:
        if not raw.startswith(b"data:"):
            continue
        data = raw.removeprefix(b"data:").strip()
        if data == b"[DONE]":
            return
        yield json.loads(data)


def _whole(body: object) -> Answer:
    """An answer that came in one piece. Raises ValueError for what is none."""
    match body:
        case {"choices": [{"finish_reason": "content_filter"}, *_]}:
            return Failed("filtered")
        case {"choices": [{"message": {"content": str(text)}, **rest}, *_]} if text.strip():
            is_cut = rest.get("finish_reason") not in ("stop", None)
            return Answered(text.strip()[:LONGEST_ANSWER], is_cut or len(text) > LONGEST_ANSWER)
        case _:
            raise ValueError
