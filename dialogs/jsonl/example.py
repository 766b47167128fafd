"""One example of a training file: its messages, and the rules that they break.

Sources: OpenAI's data preparation example for the rules on plain messages, Azure's pages on
supervised fine-tuning, on tools and on pictures for the others.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from dialogs.jsonl.fault import Finding
from dialogs.jsonl.forms import Form, foreign, reinforced, spoken
from dialogs.jsonl.reader import (
    ConstantNode,
    ListNode,
    Member,
    Node,
    NumberNode,
    ObjectNode,
    SlipRule,
    TextNode,
)
from dialogs.reading.invisible import is_invisible, without_invisible

ROLES = ("system", "user", "assistant", "function")
KEYS = ("role", "content", "name", "function_call", "weight")
TOOL_KEYS = ("tool_calls", "tool_call_id")  # known, with the role "tool", where a line has tools
LINE_KEYS = ("messages", "tools", "parallel_tool_calls", "functions")
# What other programs call them, or a hand writes.
ALSO_KNOWN_AS = {role: role for role in ROLES} | {"developer": "system"}
ALSO_KNOWN_AS |= dict.fromkeys(("human", "customer", "client", "question", "input"), "user")
ALSO_KNOWN_AS |= dict.fromkeys(("gpt", "bot", "model", "ai", "chatbot", "agent"), "assistant")
KEY_ALSO_KNOWN_AS = dict.fromkeys(("text", "message", "value", "body", "msg"), "content")
KEY_ALSO_KNOWN_AS |= dict.fromkeys(("from", "author", "speaker", "sender"), "role")
KEY_ALSO_KNOWN_AS |= {"content": "content", "role": "role"}
MOST_IMAGES = 64  # in one example (Azure, "Vision fine-tuning")
READABLE = ("https://", "http://", "data:image/")  # what the address of a picture begins with
# What follows such a slip may be read amiss.
BREAKING: set[SlipRule] = {"missing_bracket", "wrong_bracket", "missing_quote", "unescaped_quote"}
BREAKING |= {"unexpected", "too_deep", "too_many", "extra_bracket", "missing_value"}


@dataclass(frozen=True)
class ChatMessage:
    """One message of an example and where its content stands; of parts, the texts.

    `learned`: a reply whose weight isn't 0, and whatever isn't a reply.
    """

    role: str
    content: str
    start: int
    end: int
    learned: bool = True


@dataclass(frozen=True)
class ChatExample:
    """One example of the file, as far as it could be read.

    `mark` is the same for two examples that teach the same: all that counts is in it.
    """

    messages: tuple[ChatMessage, ...]
    start: int
    end: int
    mark: str

    def last(self, role: str) -> ChatMessage | None:
        """The last message of a role."""
        return next((t for t in reversed(self.messages) if t.role == role), None)


def fault(rule: str, node: Node | Member, **told: str) -> Finding:
    """What the service refuses, told at a node."""
    return Finding(rule, *_span(node), told)


def warning(rule: str, node: Node | Member, **told: str) -> Finding:
    """What the service takes, and is worth a look."""
    return Finding(rule, *_span(node), told, harmless=True)


def _span(node: Node | Member) -> tuple[int, int]:
    """The node's own, of an object only its first bracket: all of it would point nowhere."""
    if isinstance(node, Member):
        node = node.key
    return node.start, node.start + 1 if isinstance(node, ObjectNode) else node.end


def chat(node: ObjectNode) -> ChatExample:
    """The messages of an example, as far as they can be read."""
    turns = tuple(t for m in _messages(node) for t in _turn(m))
    said = {m.key.value: _said(m.value) for m in node.members if m.key.value in LINE_KEYS}
    mark = sha256(json.dumps(said, sort_keys=True).encode("utf-8", "replace")).hexdigest()
    return ChatExample(turns, node.start, node.end, mark)


def _messages(node: ObjectNode) -> list[ObjectNode]:
    messages = node.get("messages")
    items = messages.items if isinstance(messages, ListNode) else ()
    return [i for i in items if isinstance(i, ObjectNode)]


def _turn(node: ObjectNode) -> Iterator[ChatMessage]:
    role, content = node.get("role"), node.get("content")
    if isinstance(role, TextNode):
        place = content or node
        learned = not _unlearned(node)
        yield ChatMessage(role.value, _text(content), place.start, place.end, learned)


def _text(content: Node | None) -> str:
    """What a content says in words."""
    match content:
        case TextNode(value=said):
            return said
        case ListNode(items=parts):
            texts = [p.get("text") for p in parts if isinstance(p, ObjectNode)]
            return "\n".join(t.value for t in texts if isinstance(t, TextNode))
        case _:
            return ""


def _said(node: Node | None) -> object:
    """A value without its places; a weight of 1 is what a message has without one."""
    match node:
        case ObjectNode(members=members):
            pairs = {m.key.value: _said(m.value) for m in members}
            return {k: v for k, v in pairs.items() if v is not None and (k, v) != ("weight", 1)}
        case ListNode(items=items):
            return [_said(i) for i in items]
        case None:
            return None
        case _:
            return node.value


def findings(node: ObjectNode) -> Iterator[Finding]:
    """All rules that an example breaks, and what in it is worth a look."""
    disguised = list(_disguised(node, LINE_KEYS))
    if disguised:
        yield from disguised
        return
    messages = node.get("messages")
    if not isinstance(messages, ListNode) or not messages.items:
        form = foreign(node)
        if form:
            yield _other_form(form)
            return
        wrong = messages or next(iter(node.members), None) or node
        variant = "messages_not_list" if messages and not _is_null(messages) else ""
        variant = "empty_messages" if isinstance(messages, ListNode) else variant
        yield Finding("missing_messages_list", *_span(wrong), variant=variant)
        return
    strangers = [m for m in node.members if m.key.value not in LINE_KEYS]
    form = reinforced(node) or foreign(node)
    if form:
        yield _other_form(form)
        return
    for member in strangers:
        yield warning("unexpected_key", member, found=member.key.value)
    yield from _repeated(node)
    yield from _tools(node)
    known = _Known(node)
    for item in messages.items:
        yield from _message(item, known)
    objects = _messages(node)
    yield from _order(node, objects)
    yield from _calls(objects)


def _other_form(form: Form) -> Finding:
    return Finding(form.rule, *_span(form.at), form.told, variant=form.words)


def _given(node: ObjectNode, key: str) -> Node | None:
    """The value of a key; None also for null, as programs write what isn't there."""
    value = node.get(key)
    return None if value is None or _is_null(value) else value


def _is_null(node: Node) -> bool:
    return isinstance(node, ConstantNode) and node.value is None


def _disguised(node: ObjectNode, known: tuple[str, ...]) -> Iterator[Finding]:
    """Keys that would be known without a character that nobody sees."""
    for member in node.members:
        unseen = _unseen(member.key, known)
        if unseen:
            yield unseen


def _unseen(node: TextNode, known: tuple[str, ...]) -> Finding | None:
    """The first invisible character of a word that would be known without it."""
    if without_invisible(node.value).strip() not in known:
        return None
    at = next((n for n, char in enumerate(node.value) if is_invisible(char)), None)
    if at is None:
        return None
    return Finding("invisible_character", node.start + 1 + at, node.start + 2 + at)


def _repeated(node: ObjectNode) -> Iterator[Finding]:
    """A key that stands twice: the last one counts, so a different one before it is lost."""
    seen: dict[str, object] = {}
    for member in node.members:
        name, said = member.key.value, _said(member.value)
        if name in seen:
            same = seen[name] == said
            yield (warning("same_key_again", member) if same else fault("repeated_key", member))
        seen[name] = said


def _tools(node: ObjectNode) -> Iterator[Finding]:
    for name in ("tools", "functions"):
        given = _given(node, name)
        if given is None:
            continue
        if not isinstance(given, ListNode) or not given.items:
            yield Finding("tools_not_list", given.start, given.end, {"found": name})
            continue
        for item in given.items:
            if not isinstance(item, ObjectNode):
                yield fault("tools_not_list", item, found=name)


class _Known:
    """What a line declares, and what was already said to be missing."""

    def __init__(self, node: ObjectNode) -> None:
        self.tools = _given(node, "tools") is not None
        self.functions = _given(node, "functions") is not None
        self.told = False


def _message(node: Node, known: _Known) -> Iterator[Finding]:
    if not isinstance(node, ObjectNode):
        span = (node.start, node.end)
        yield Finding("message_missing_key", *span, variant="message_not_object")
        return
    form, disguised = spoken(node), list(_disguised(node, (*KEYS, *TOOL_KEYS)))
    if form or disguised:
        yield from [_other_form(form)] if form else disguised
        return
    yield from _repeated(node)
    for member in node.members:
        name = member.key.value
        if name not in (*KEYS, *TOOL_KEYS):
            meant = KEY_ALSO_KNOWN_AS.get(name.strip().lower(), "")
            meant = "" if node.get(meant) else meant
            told, variant = (
                {"found": name, "expected": meant},
                "key_by_another_name" if meant else "",
            )
            yield Finding("message_unrecognized_key", *_span(member), told, variant=variant)
    yield from _role(node, known)
    yield from _called(node, known)
    yield from _content(node)
    yield from _weight(node)


def role_of(node: ObjectNode) -> str:
    """A message's role, "" where it has none."""
    role = node.get("role")
    return role.value if isinstance(role, TextNode) else ""


def _role(node: ObjectNode, known: _Known) -> Iterator[Finding]:
    role, said = node.get("role"), role_of(node)
    if role is None and all(m.key.value != "role" for m in node.members):
        yield fault("message_missing_key", node, expected='"role"')
    if said in ROLES:
        return
    if said == "tool":
        if not (known.tools or known.told) and role:
            known.told = True
            yield fault("missing_tools", role, found="tool")
        if node.get("tool_call_id") is None:
            yield fault("message_missing_key", node, expected='"tool_call_id"')
        return
    unseen = _unseen(role, ROLES) if isinstance(role, TextNode) else None
    if unseen:
        yield unseen
        return
    meant = ALSO_KNOWN_AS.get(said.strip().lower(), "")
    told = {"found": said} if said or role is None else {}  # what isn't a text is told as it stands
    told, variant = {**told, "expected": meant}, "role_by_another_name" if meant else ""
    yield Finding("unrecognized_role", *_span(role or node), told, variant=variant)


def _called(node: ObjectNode, known: _Known) -> Iterator[Finding]:
    """What a message says of tools fits its role, and what the line says of them."""
    said = role_of(node)
    for member in node.members:
        name = member.key.value
        if member.value and _is_null(member.value):
            continue
        if name in TOOL_KEYS and not (known.tools or known.told):
            known.told = True
            yield fault("missing_tools", member, found=name)
        if name == "function_call" and not known.functions:
            written = isinstance(node.get("content"), TextNode)
            report = warning if written else fault
            yield report("missing_functions", member, found=name)
        if name in ("tool_calls", "function_call") and said not in ("assistant", ""):
            yield fault("calls_elsewhere", member, found=name)
        if name == "tool_call_id" and said not in ("tool", ""):
            yield fault("calls_elsewhere", member, found=name)
    calls = _given(node, "tool_calls")
    if calls is not None and not (isinstance(calls, ListNode) and _named(calls)):
        yield Finding("bad_tool_calls", calls.start, calls.end)


def _named(calls: ListNode) -> bool:
    """Whether each call of a list has a name that a tool's message can answer."""
    return bool(calls.items) and all(
        isinstance(c, ObjectNode) and isinstance(c.get("id"), TextNode) for c in calls.items
    )


def _content(node: ObjectNode) -> Iterator[Finding]:
    """A text; a message with calls may lack it, and one with pictures has parts."""
    content, role = node.get("content"), role_of(node)
    called = _given(node, "tool_calls") or _given(node, "function_call")
    calls = role in ("assistant", "") and bool(called)
    match content:
        case TextNode(value=said) if said.strip() or calls or role == "tool":
            return
        case TextNode(value=said) if said:
            yield warning("blank_content", content)
        case ListNode(items=parts) if parts:
            yield from _parts(parts, role)
        case None if all(m.key.value != "content" for m in node.members):
            if not calls:
                yield fault("message_missing_key", node, expected='"content"')
                yield fault("missing_content", node)
        case ConstantNode(value=None):
            if not calls:
                span = (content.start, content.end)
                yield Finding("missing_content", *span, variant="null_content")
        case _:
            yield Finding("missing_content", *_span(content or node))


def _parts(parts: tuple[Node, ...], role: str) -> Iterator[Finding]:
    images = 0
    for part in parts:
        kind = part.get("type") if isinstance(part, ObjectNode) else None
        named = kind.value if isinstance(kind, TextNode) else ""
        if not isinstance(part, ObjectNode) or named not in ("text", "image_url"):
            yield fault("part_type", kind or part, found=named)
        elif named == "text":
            text = part.get("text")
            if not isinstance(text, TextNode) or not text.value:
                yield fault("part_without_text", text or part)
        elif role not in ("user", ""):
            yield fault("image_elsewhere", kind or part, found=role)
        else:
            images += 1
            yield from _image(part)
            if images == MOST_IMAGES + 1:
                yield fault("too_many_images", part, found=str(MOST_IMAGES))


def _image(part: ObjectNode) -> Iterator[Finding]:
    image = part.get("image_url")
    url = image.get("url") if isinstance(image, ObjectNode) else None
    if not isinstance(url, TextNode) or not url.value.startswith(READABLE):
        yield fault("image_without_url", url or image or part)


def _weight(node: ObjectNode) -> Iterator[Finding]:
    weight = _given(node, "weight")
    binary = isinstance(weight, NumberNode) and weight.value in (0, 1)
    if weight and not (role_of(node) == "assistant" and binary):
        yield Finding("bad_weight", weight.start, weight.end)


def _order(node: ObjectNode, messages: list[ObjectNode]) -> Iterator[Finding]:
    """A reply at the end; the system message and a question are best before it."""
    roles = [role_of(m) for m in messages]
    if "assistant" not in roles:
        yield Finding("example_missing_assistant_message", max(node.start, node.end - 1), node.end)
        return
    replies = [m for m in messages if role_of(m) == "assistant"]
    if all(_unlearned(m) for m in replies):
        yield warning("nothing_learned", replies[-1].get("weight") or replies[-1])
    if not {*roles} <= {*ROLES, "tool"}:
        return
    if roles[-1] != "assistant":
        yield fault("last_not_assistant", messages[-1])
    if "system" not in roles:
        yield warning("no_system", node)
    elif roles[0] != "system":
        yield warning("late_system", messages[roles.index("system")])
    if "user" not in roles:
        yield warning("no_user", messages[roles.index("assistant")])
    elif roles.index("user") > roles.index("assistant"):
        yield warning("assistant_first", messages[roles.index("assistant")])


def _unlearned(message: ObjectNode) -> bool:
    weight = message.get("weight")
    return isinstance(weight, NumberNode) and weight.value == 0


def _calls(messages: list[ObjectNode]) -> Iterator[Finding]:
    """Each call is answered before the talk goes on; at the end it is what is learned."""
    waiting: dict[str, Node] = {}
    function: Node | None = None
    for message in messages:
        role = role_of(message)
        if role == "tool":
            name = message.get("tool_call_id")
            if not isinstance(name, TextNode):
                waiting.clear()  # that it names no call is told already
            elif waiting.pop(name.value, None) is None:
                yield fault("unasked_answer", name, found=name.value)
            continue
        if role == "function":
            if function is None:
                yield warning("unasked_answer", message, found="function")
            function = None
            continue
        for unanswered, call in waiting.items():
            yield fault("unanswered_call", call, found=unanswered)
        if function is not None:
            span = _span(function)
            yield Finding("unanswered_call", *span, harmless=True, variant="unanswered_function")
        if role != "assistant":
            waiting, function = {}, None
            continue
        calls = message.get("tool_calls")
        listed = calls.items if isinstance(calls, ListNode) else ()
        ids = [c.get("id") for c in listed if isinstance(c, ObjectNode)]
        waiting = {i.value: i for i in ids if isinstance(i, TextNode)}
        function = _given(message, "function_call")
