"""Activities that no honest client sends, and what must not come of them."""

import json
from typing import Any

INSTALLED: dict[str, Any] = {
    "type": "conversationUpdate",
    "membersAdded": [{"id": "bot1"}],
    "conversation": {"id": "g", "isGroup": True},
}
EDIT: dict[str, Any] = {"type": "messageUpdate", "channelData": {"eventType": "editMessage"}}
PRESS = {"lesson": "polite-chatbot", "step": "welcome", "digest": "x", "learner": "x", "do": "next"}
HALF = "\ud83d"  # of a character
BELL = "\0\x07\x1b[2J"


def mentions(text: object, times: int, **more: object) -> list[dict[str, object]]:
    """Mentions of the bot: here "bot1" on channels, "tutor" on the own page."""
    ids = ("bot1", "tutor")
    return [{"type": "mention", "text": text, "mentioned": {"id": i}, **more} for i in ids] * times


def press(**more: object) -> dict[str, object]:
    """A press of a button that was never drawn."""
    return {"tutor": {"ticket": 1, **PRESS, **more}}


def nested(levels: int) -> object:
    """Lists in lists."""
    return json.loads("[" * levels + "]" * levels)


# What replaces parts of an honest message.
PARTS: tuple[dict[str, Any], ...] = (
    {"entities": mentions("", 40)},
    {"entities": mentions("e", 2000)},
    {"entities": mentions(None, 2)},
    {"entities": mentions("hello", 1, mentioned={"id": ["bot1"]})},
    {"entities": [None, 1, [], {}, {"type": []}, {"type": "mention"}]},
    {"entities": {"type": "mention"}},
    {"text": "<at>" * 1500 + "hello"},
    {"text": "<at>Tutor</at>" * 500 + "<at x='" * 500, "entities": mentions("<at>Tutor</at>", 300)},
    {
        "text": "&amp;" * 9000,
        "attachments": [{"contentType": "text/html", "content": "&amp;" * 999}],
    },
    {"text": "\U0001f44d" * 9000},
    {"channelData": {"tenant": {"id": BELL}}},
    {**INSTALLED, "membersAdded": [{"id": ["bot1"]}, {"id": "bot1"}] * 900},
    {**INSTALLED, "recipient": {"id": "bot1", "name": "[x](//e)**" * 900}},
    {"text": "&" * 7000 + "&#x0;&#xD83D;&#999999999999;&lt;at&gt;"},
    {"text": f"begin {BELL}"},
    {"text": HALF * 8000},
    {"text": "x" + "\n" * 7998 + "x"},
    {"text": "x" * 200_000},
    {"text": ["hello"]},
    {"text": {"hello": 1}},
    {"text": None, "value": None, "attachments": [{"contentType": "text/html", "content": "hi"}]},
    {"text": "", "attachments": [{"contentUrl": "file:///etc/passwd", "name": "../x"}] * 500},
    {**EDIT, "timestamp": BELL},
    {**EDIT, "timestamp": "9" * 200, "id": "i" * 200},
    {**EDIT, "timestamp": {"a": HALF}},
    {**EDIT, "id": None},
    {"timestamp": "-99999-13-77T99:99:99+99:99", "localTimestamp": 1e300},
    {"timestamp": 10**18, "localTimezone": BELL},
    {"id": ".."},
    {"id": "a/../../b?c#d%2e"},
    {"id": "\u202eid"},
    {"id": 7},
    {"id": ["a"]},
    {"replyToId": "../.."},
    {"replyToId": BELL, "type": "invoke", "name": "adaptiveCard/action"},
    {"conversation": {"id": "."}},
    {"conversation": {"id": ".."}},
    {"conversation": {"id": "../v3/conversations"}},
    {"conversation": {"id": "a|b|c"}},
    {"conversation": {"id": "|" * 250}},
    {"conversation": {"id": "%" * 250, "isGroup": True}, "from": {"id": "|" * 200}},
    {"conversation": {"id": "\u2028"}},
    {"conversation": {"id": "c", "tenantId": BELL}},
    {"conversation": {"id": "c", "tenantId": "t" * 90}},
    {"conversation": {"id": "c", "tenantId": ["t"]}},
    {"conversation": {"id": "c", "isGroup": "true", "conversationType": ["groupChat"]}},
    {"conversation": {"id": "c", "isGroup": True, "name": BELL}, "from": {"id": "u", "name": BELL}},
    {
        "conversation": {"id": "c", "isGroup": True},
        "from": {"id": "u", "name": "[x](//e)" * 9},
    },
    {"conversation": {"id": "c", "isGroup": True}, "from": {"id": "u", "name": {"a": "b"}}},
    {"conversation": {"id": "c", "properties": nested(30)}},
    {"from": {"id": "u", "name": "n" * 100_000}},
    {"from": {"id": "u\u0000"}},
    {"from": {"id": "\u200b"}},
    {"from": {"id": True}},
    {"from": {"id": "bot1"}},
    {"recipient": {"id": ["x"]}},
    {"channelId": "page"},
    {"channelId": "page|page-x"},
    {"channelId": "a|b"},
    {"channelId": "\u00e9\u202e"},
    {"channelId": ["emulator"]},
    {"type": "conversationUpdate", "membersAdded": [{"id": "user1"}] * 5000},
    {"type": "conversationUpdate", "membersAdded": [{"id": BELL}, {"id": ["x"]}, None, 7]},
    {"type": "conversationUpdate", "membersRemoved": [{"id": ["bot1"]}, {"id": None}, "bot1"]},
    {"type": "installationUpdate", "action": ["add"]},
    {"type": "installationUpdate", "action": {"add": 1}},
    {"type": "event", "name": "webchat/join", "value": {"event": BELL + HALF}},
    {"type": "event", "name": "webchat/join", "value": {"event": "e" * 5000}},
    {"type": "event", "name": ["webchat/join"], "value": []},
    {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": press()}}},
    {"type": "invoke", "name": "adaptiveCard/action", "value": [[[]]]},
    {"type": "invoke", "name": BELL},
    {"type": "invoke", "name": None, "value": nested(30)},
    {"type": "Message"},
    {"type": "message\u0000"},
    {"type": "endOfConversation", "code": "completedSuccessfully"},
    {"type": "deleteUserData"},
    {"type": "trace", "value": nested(30)},
    {"deliveryMode": ["expectReplies"]},
    {"deliveryMode": "EXPECTREPLIES"},
    {"locale": "en-" + "a" * 5000},
    {"locale": "en\u0000"},
    {"locale": "../../etc"},
    {"channelData": {"elements": ["Tutor.Pick"] * 9000}},
    {"channelData": {"elements": [["Tutor.Pick"], None, {}]}},
    {"channelData": {"clientActivityID": BELL, "tutor": {"replaces": "x", "slot": "y"}}},
    {"channelData": {"clientActivityID": "0000001"}},
    {"channelData": nested(30)},
    {"value": press(ticket=2**63)},
    {"value": press(ticket=10**40)},
    {"value": press(ticket=-1)},
    {"value": press(ticket=True)},
    {"value": press(ticket="1")},
    {"value": press(ticket=1e300)},
    {"value": press(learner=HALF, step=BELL, lesson="\u202e")},
    {"value": press(values={"picked": ["x"]})},
    {"value": press(values={f"k{n}": "v" for n in range(5000)})},
    {"value": {**press(), **{f"order.{n}": "9" * 30 for n in range(3000)}}},
    {"value": {**press(), "text": "9" * 100_000, "n": 10**300, "f": 1e-300, HALF: HALF}},
    {"value": {**press(), "a": nested(30)}},
    {"value": {"tutor": nested(30)}},
    {"value": "x" * 100_000},
)

# Whole bodies as they are sent; `%s` is an honest one's rest.
TEXTS = (
    r'{"type": "typing", "type": "message", "text": "a", "text": "hi", %s',
    r'{"type": "message", "type": "typing", %s',
    r'{"type": "message", "text": "\ud800\udc00\ud800 \u0000 \uffff", %s',
    r'{"type": "message", "text": "hi", "\ud800": "\udfff", %s',
    r'{"type": "message", "text": "hi", "n": 123456789012345678901234567890, %s',
    r'{"type": "message", "text": "hi", "n": -0.0e-400, %s',
    r'{"\u0074ype": "message", "text": "hi", %s',
    r'{"type": "message", "text": "hi", "__proto__": {"type": "invoke"}, "constructor": 1, %s',
)
