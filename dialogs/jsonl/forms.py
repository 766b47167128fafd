"""Lines of other forms than the chat: older ones, other programs', other methods'."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.jsonl.reader import ListNode, Member, Node, ObjectNode, TextNode

# A question's and an answer's key, as files that people share have them.
PAIRS = (
    ("prompt", "completion"),
    ("prompt", "response"),
    ("prompt", "output"),
    ("instruction", "output"),
    ("instruction", "response"),
    ("instruction", "completion"),
    ("question", "answer"),
    ("query", "response"),
    ("query", "answer"),
    ("input", "output"),
    ("input", "response"),
    ("user", "assistant"),
    ("human", "assistant"),
)
PREFERRED = ("preferred_output", "non_preferred_output", "chosen", "rejected")
LISTS = ("conversations", "conversation", "dialogue", "dialog", "chat", "turns")
TRUTHS = ("item", "ground_truth", "ideal", "context")  # of an item of an evaluation
# Beside messages, no grader compares with these.
NO_GRADERS = {"messages", "tools", "functions", "parallel_tool_calls", "id", "idx", "index"}
NO_GRADERS |= {"source", "timestamp", "metadata", "category", "tags", "split"}


@dataclass(frozen=True)
class Form:
    """A form that a line has: which rule of the chat's it breaks, and where that shows.

    `words` names what is said of it, `told` its own keys in that.
    """

    rule: str
    words: str
    at: Member | Node
    told: Mapping[str, str] = field(default_factory=dict)


def foreign(node: ObjectNode) -> Form | None:
    """The known form that a line has instead of the chat's; None for the chat, and for others."""
    keys = {m.key.value: m for m in node.members}
    lower = {name.lower().strip(): m for name, m in keys.items()}
    for name in PREFERRED:
        if name in keys:
            return _form("preference", keys[name])
    if "messages" in keys:
        return None
    for name in ("messages", "message"):
        if name in lower and isinstance(lower[name].value, ListNode):
            return _form("misspelt", lower[name])
    for name in LISTS:
        if name in lower and isinstance(lower[name].value, ListNode):
            other = any(isinstance(i, ObjectNode) and spoken(i) for i in _items(lower[name].value))
            return _form("conversations" if other else "misspelt", lower[name])
    if {"custom_id", "body"} <= keys.keys():
        return _form("batch", keys["custom_id"])
    for name in TRUTHS:
        if name in keys and (name == "item" or {"query", "response", "input"} & keys.keys()):
            return _form("evaluation", keys[name])
    if {"role", "content"} <= lower.keys():
        return _form("message", lower["role"])
    if list(lower) == ["text"]:
        return _form("text", lower["text"])
    for asked, said in PAIRS:
        if asked in lower and said in lower:
            joined = asked == "instruction" and "input" in lower
            words = "instruction" if joined else "pair"
            return _form(words, lower[asked], lower[said].key.value)
    return None


def spoken(node: ObjectNode) -> Form | None:
    """A message as other programs write it, with who it is from and its value."""
    said = node.get("from")
    member = next((m for m in node.members if m.key.value == "from"), None)
    if said is None or member is None or node.get("value") is None:
        return None
    return Form("message_missing_key", "form_from_value", member)


def reinforced(node: ObjectNode) -> Form | None:
    """Messages that end with the user's, and beside them what a grader compares with."""
    items = _items(node.get("messages"))
    last = items[-1] if items else None
    role = last.get("role") if isinstance(last, ObjectNode) else None
    if not isinstance(role, TextNode) or role.value != "user":
        return None
    grader = next((m for m in node.members if m.key.value not in NO_GRADERS), None)
    if grader is None:
        return None
    roles = [i.get("role") for i in items if isinstance(i, ObjectNode)]
    replied = any(isinstance(r, TextNode) and r.value == "assistant" for r in roles)
    rule = "last_not_assistant" if replied else "example_missing_assistant_message"
    return Form(rule, "form_reinforcement", grader, {"found": grader.key.value})


def _form(words: str, member: Member, other: str = "") -> Form:
    told = {"found": member.key.value, "expected": other}
    return Form("missing_messages_list", f"form_{words}", member, told)


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, ListNode) else ()
