"""`/api/messages`: any Bot Framework channel."""

from collections.abc import Sequence
from dataclasses import replace

from aiohttp import web
from sqlalchemy import Connection

from bot.activity import conversation_key
from bot.activity.address import Activity
from bot.activity.conversation_key import ConversationKey
from bot.activity.inbound import Inbound
from bot.channels import parse
from bot.channels.admission import Admission
from bot.channels.delivery import Sender
from bot.errors import RefusedError
from bot.http.wire import Handler, answer, read_body, refusal
from bot.store import conversations
from bot.store.database import Store
from bot.turns.service import TutorService

COMPUTING_S = 5.0  # how long `expectReplies` waits for a training

CARD = "application/vnd.microsoft.card.adaptive"
WORD = "application/vnd.microsoft.activity.message"
UNKNOWN = {
    "statusCode": 400,
    "type": "application/vnd.microsoft.error",
    "value": {"code": "BadRequest", "message": "this is no button of ours"},
}


def routes(
    service: TutorService, store: Store, sender: Sender, admission: Admission, app_id: str
) -> list[web.RouteDef]:
    """`/api/messages` for channels, on which the tutor is the app of this id."""
    return [web.post("/api/messages", _messages(service, store, sender, admission, app_id))]


def closed_routes() -> list[web.RouteDef]:
    """`/api/messages` where the own page alone is served."""
    return [web.post("/api/messages", _closed)]


def _messages(
    service: TutorService, store: Store, sender: Sender, admission: Admission, app_id: str
) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        if "Origin" in request.headers:
            return refusal(403, "this is for channels: a browser uses the tutor's own page")
        body = await read_body(request)
        try:
            await admission.admit(request.headers, body)
            inbound = parse.inbound(body, app_id)
        except RefusedError as refused:
            return refusal(refused.status, str(refused))
        except parse.MalformedError as malformed:
            return refusal(400, str(malformed))
        if inbound.leaves:
            left = ConversationKey.read(inbound.conversation)
            await store.run(lambda db: conversations.leave(db, left))
        if inbound.event is None:
            return _unanswered(body, inbound)
        inbound = replace(inbound, arrived=sender.arrived(inbound.conversation))
        if inbound.expects_replies:
            return answer({"activities": await _replies(inbound)})
        turn = await service.on_activity(inbound)
        if parse.is_invoke(body):
            return answer(_shown(turn.activities))
        return web.Response(status=202)

    async def _replies(inbound: Inbound) -> list[Activity]:
        """The turn's replies, those of what it lets cook, and what waited before."""
        name = inbound.conversation
        await sender.hold(name)
        try:
            turn = await service.on_activity(inbound)
            if not turn.repeated:
                await service.computed(turn.computations, COMPUTING_S)
            if not (turn.repeated or turn.computations or turn.owed):
                return list(turn.activities)
            return await store.run(lambda db: _collected(db, inbound, list(turn.activities)))
        finally:
            sender.release(name)

    return handle


def _shown(activities: Sequence[Activity]) -> dict[str, object]:
    """What an invoke is answered: the card that stands in place of the pressed one, or a word."""
    first: Activity = activities[0] if activities else {}
    if "attachments" in first:
        return {"statusCode": 200, "type": CARD, "value": first["attachments"][0]["content"]}
    return {"statusCode": 200, "type": WORD, "value": first.get("text", "")}


async def _closed(request: web.Request) -> web.Response:
    del request
    return refusal(403, "this tutor serves its own page alone (CHANNELS=web)")


def _collected(db: Connection, inbound: Inbound, activities: list[Activity]) -> list[Activity]:
    """Put what waits into the answer, in order; a repeated request gets it again."""
    name = inbound.conversation
    waiting = conversations.waiting(db, name)
    if waiting:
        numbers = [one.seq for one in waiting]
        conversations.delivered(db, name, numbers)
        if inbound.id is not None:
            conversations.stretch_claim(db, name, inbound.id, numbers[-1])
    every = [*activities, *(one.activity for one in waiting)]
    return sorted(every, key=lambda one: conversation_key.number(str(one["id"])))


def _unanswered(body: dict[str, object], inbound: Inbound) -> web.Response:
    if not parse.is_invoke(body):
        return answer({"activities": []}) if inbound.expects_replies else web.Response(status=202)
    if body.get("name") == "adaptiveCard/action":
        return answer(UNKNOWN)
    return refusal(501, "this kind of invoke is not known here")
