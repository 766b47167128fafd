"""The tables. Each says whose its rows are: `info["of"]`, from which deleting and export follow.

"learner": the column `learner` names whose a row is (`id` in the table of learners).
"conversation": it belongs to who has the conversation that the column `conversation` names.
"result": it belongs to all for whom it was computed (`computed_for`). "nobody": it tells
nothing of anybody.

A document's `form` says how it is read (content/stored.py).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()
LEARNERS, CONVERSATIONS = {"of": "learner"}, {"of": "conversation"}
RESULTS, NOBODYS = {"of": "result"}, {"of": "nobody"}

# Numbers that the database gives, in the order of writing.
_Number = BigInteger().with_variant(Integer, "sqlite")


def _form(name: str = "form") -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="1")


# Who learns. `version` counts the saves.
learner = Table(
    "learner",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("doc", Text, nullable=False),
    _form(),
    info=LEARNERS,
)
progress = Table(
    "progress",
    metadata,
    Column("learner", String(40), primary_key=True),
    Column("lesson", String(40), primary_key=True),
    Column("doc", Text, nullable=False),
    _form(),
    info=LEARNERS,
)
# Who a channel's user is to us.
identity = Table(
    "identity",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("tenant", String(80), primary_key=True),
    Column("external", String(200), primary_key=True),
    Column("learner", String(40), nullable=False),
    info=LEARNERS,
)
# The user that a learner is on Azure's Direct Line, and their last token.
direct_line = Table(
    "direct_line",
    metadata,
    Column("learner", String(40), primary_key=True),
    Column("external", String(200), nullable=False),
    Column("token", Text, nullable=False),
    Column("ends", Float, nullable=False),
    info=LEARNERS,
)
# What happened. The second key makes a fact unrepeatable; `seq` is the order of writing, for
# readers that read on after a number (`facts.after`). What dialogs doesn't know of a fact is in
# columns: the channel, the event, the learner's language, the lesson's version.
fact = Table(
    "fact",
    metadata,
    Column("seq", _Number, primary_key=True, autoincrement=True),
    Column("learner", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("at", Float, nullable=False),
    Column("lesson", String(40), nullable=False),
    Column("run", Integer, nullable=False),
    Column("step", String(40)),
    Column("lesson_version", String(80)),
    Column("channel", String(40)),
    Column("event", String(80)),
    Column("locale", String(20)),
    Column("doc", Text, nullable=False),
    _form(),
    UniqueConstraint("learner", "version", "place", name="fact_once"),
    info=LEARNERS,
)
# How often something happened: a sum over facts. `shard` keeps turns out of each other's way.
counter = Table(
    "counter",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("lesson", String(40), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("shard", Integer, primary_key=True),
    Column("count", BigInteger, nullable=False),
    info=NOBODYS,
)
# An address: where to answer, what the client shows. `seq` numbers its activities; `slots` has
# the channel's ids of messages that later ones replace; `bytes`: what its activities take;
# `heard` is a digest of what the learner did last there, where that was to write.
conversation = Table(
    "conversation",
    metadata,
    Column("id", String(500), primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("learner", String(40), nullable=False),
    Column("reference", Text, nullable=False),
    Column("surface", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("slots", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False, server_default="0"),
    Column("heard", String(64)),
    info=LEARNERS,
)
# Outbox, history and watermark at once. `waiting`: still to be delivered. `slot` is what a later
# message of the same slot stands in place of; `replaces` names the channel's message that this
# one stands in place of.
activity = Table(
    "activity",
    metadata,
    Column("conversation", String(500), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("waiting", Boolean, nullable=False),
    Column("slot", String(120)),
    Column("replaces", String(200)),
    Column("doc", Text, nullable=False),
    _form(),
    Column("at", Float, nullable=False, server_default="0"),
    Index("activity_waiting", "waiting", "conversation", "seq"),
    info=CONVERSATIONS,
)
# An activity that was taken: delivered again, it is answered with the same replies.
claim = Table(
    "claim",
    metadata,
    Column("conversation", String(500), primary_key=True),
    Column("activity", String(200), primary_key=True),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    info=CONVERSATIONS,
)
# Events that time shall bring.
later = Table(
    "later",
    metadata,
    Column("learner", String(40), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("conversation", String(500), nullable=False),
    Column("due", Float, nullable=False, index=True),
    Column("event", Text, nullable=False),
    _form(),
    info=LEARNERS,
)
# Recipes that workers still have to compute, and for whom.
computation = Table(
    "compute",
    metadata,
    Column("learner", String(40), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("step", String(40), primary_key=True),
    Column("conversation", String(500), nullable=False),
    Column("lesson", String(40), nullable=False),
    Column("run", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("recipe", Text, nullable=False),
    _form(),
    info=LEARNERS,
)
# What workers computed; never changed. One that can't be read any more is computed again from
# its recipe, which those from before the third schema don't have.
result = Table(
    "result",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("doc", Text, nullable=False),
    _form(),
    Column("recipe", Text),
    _form("recipe_form"),
    info=RESULTS,
)
# Whose recipes gave a result: it goes with the last of them. `until`: how long it is kept since
# the learner's progress doesn't need it any more, for others who might order the same.
computed_for = Table(
    "computed_for",
    metadata,
    Column("learner", String(40), primary_key=True),
    Column("key", String(80), primary_key=True, index=True),
    Column("until", Float, index=True),
    info=LEARNERS,
)
# Documents that couldn't be read: kept for the operator, while their learners go on without.
# `name` is the table, `key` what told the row from the learner's others there.
set_aside = Table(
    "set_aside",
    metadata,
    Column("seq", _Number, primary_key=True, autoincrement=True),
    Column("learner", String(40), nullable=False, index=True),
    Column("name", String(40), nullable=False),
    Column("key", String(500), nullable=False),
    Column("at", Float, nullable=False),
    Column("doc", Text, nullable=False),
    _form(),
    info=LEARNERS,
)
# Secrets that bring a learner back, as hashes. `uses` counts down; below 0 is without end: it is
# a browser's, whose `session` is in its tokens. A link's is that of the browser that made it.
# `visit` is a hash of what the browser called the visit at which it was given the secret.
credential = Table(
    "credential",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("learner", String(40), nullable=False, index=True),
    Column("expires", Float, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("session", String(24), nullable=False, server_default="", index=True),
    Column("visit", String(64), index=True),
    info=LEARNERS,
)
# When all of a learner's secrets were revoked last: file links that are older open nothing.
revocation = Table(
    "revocation",
    metadata,
    Column("learner", String(40), primary_key=True),
    Column("at", Float, nullable=False),
    info=LEARNERS,
)
# Short-lived codes, as hashes; `use` says what one is good for. A learner has one of each use.
code = Table(
    "code",
    metadata,
    Column("learner", String(40), primary_key=True),
    Column("use", String(20), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("expires", Float, nullable=False),
    info=LEARNERS,
)
# Keys that were made at the first start.
secret = Table(
    "secret",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
    info=NOBODYS,
)
