"""The seven rules of OpenAI's data preparation example, from its description alone.

Source: cookbook, "Data preparation and analysis for chat model fine-tuning", format validation.
It judges plain chats; of tools and pictures it knows nothing.
"""

import json
from collections import Counter

ROLES = {"system", "user", "assistant", "function"}
KEYS = {"role", "content", "name", "function_call", "weight"}


def seven_rules(text: str) -> Counter[str]:
    """How many lines or messages of a file break each rule; empty when all is well."""
    found = Counter[str]()
    for line in text.splitlines():
        example = json.loads(line)
        if not isinstance(example, dict):
            found["data_type"] += 1
            continue
        messages = example.get("messages")
        if not messages:
            found["missing_messages_list"] += 1
            continue
        for message in messages:
            found["message_missing_key"] += "role" not in message or "content" not in message
            found["message_unrecognized_key"] += not message.keys() <= KEYS
            found["unrecognized_role"] += message.get("role") not in ROLES
            content, call = message.get("content"), message.get("function_call")
            empty = (not content and not call) or not isinstance(content, str)
            found["missing_content"] += empty
        replied = any(m.get("role") == "assistant" for m in messages)
        found["example_missing_assistant_message"] += not replied
    return +found
