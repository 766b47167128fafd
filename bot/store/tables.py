"""The tables. Each is keyed by a learner or by a conversation."""

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
)

metadata = MetaData()

# Who learns. `version` counts the saves; `form` says how to read the document
# (dialogs/values/versions.py).
learner = Table(
    "learner",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("doc", Text, nullable=False),
    Column("form", Integer, nullable=False, server_default="1"),
)
progress = Table(
    "progress",
    metadata,
    Column("learner", String(40), primary_key=True),
    Column("lesson", String(40), primary_key=True),
    Column("doc", Text, nullable=False),
    Column("form", Integer, nullable=False, server_default="1"),
)
# Who a channel's user is to us.
identity = Table(
    "identity",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("tenant", String(80), primary_key=True),
    Column("external", String(200), primary_key=True),
    Column("learner", String(40), nullable=False),
)
# The user that a learner is on Azure's Direct Line, and their last token.
direct_line = Table(
    "direct_line",
    metadata,
    Column("learner", String(40), primary_key=True),
    Column("external", String(200), nullable=False),
    Column("token", Text, nullable=False),
    Column("ends", Float, nullable=False),
)
# What happened; the key makes a fact unrepeatable.
fact = Table(
    "fact",
    metadata,
    Column("learner", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("doc", Text, nullable=False),
)
# An address: where to answer, what the client shows. `seq` numbers its activities; `slots` has
# the channel's ids of messages that later ones replace.
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
)
# Outbox, history and watermark at once. `waiting`: still to be delivered.
activity = Table(
    "activity",
    metadata,
    Column("conversation", String(500), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("waiting", Boolean, nullable=False),
    Column("doc", Text, nullable=False),
    Index("activity_waiting", "waiting", "conversation", "seq"),
)
# An activity that was taken: delivered again, it is answered with the same replies.
claim = Table(
    "claim",
    metadata,
    Column("conversation", String(500), primary_key=True),
    Column("activity", String(200), primary_key=True),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
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
)
# What workers computed; never changed.
result = Table(
    "result",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("doc", Text, nullable=False),
)
# Secrets that bring a learner back, as hashes. `uses` counts down; below 0 is without end.
credential = Table(
    "credential",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("learner", String(40), nullable=False, index=True),
    Column("expires", Float, nullable=False),
    Column("uses", Integer, nullable=False),
)
# Keys that were made at the first start.
secret = Table(
    "secret",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
