"""Our own name of a conversation is read as it was written, whatever a channel calls things."""

from itertools import product

from bot.activity.conversation_key import (
    ConversationKey,
    activity_id,
    channel_of,
    is_own_page,
    number,
)

NAMES = ("a", "19:abc@thread.v2", "a|b", "|", "%", "%7C", "%25|", "50%", "ü 1")
KEYS = [ConversationKey(*parts) for parts in product(NAMES, NAMES, (None, *NAMES))]


def test_a_key_is_read_as_it_was_written() -> None:
    for key in KEYS:
        assert ConversationKey.read(str(key)) == key
        assert channel_of(str(key)) == key.channel
        assert number(activity_id(str(key), 17)) == 17


def test_no_two_conversations_have_one_key() -> None:
    assert len({str(key) for key in KEYS}) == len(KEYS)


def test_users_of_a_conversation_are_found_by_how_their_keys_begin() -> None:
    for key in KEYS:
        same = [one for one in KEYS if str(one).startswith(key.before_users)]
        assert {(one.channel, one.conversation) for one in same} == {
            (key.channel, key.conversation)
        }
        assert len(same) == len(NAMES)


def test_the_own_page_is_a_channel_of_its_own() -> None:
    assert is_own_page(str(ConversationKey("page", "page-1")))
    assert not is_own_page(str(ConversationKey("pages", "page-1")))
