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


def _numbered(name: str) -> Column[int]:
    return Column(name, _Number, primary_key=True, autoincrement=True)


def _learner() -> Column[str]:
    """Whose a row is, where it is found by them."""
    return Column("learner", String(40), primary_key=True)


def _document(name: str = "doc") -> tuple[Column[str], Column[int]]:
    """A document, and its form."""
    return Column(name, Text, nullable=False), _form()


def _form(name: str = "form") -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="1")


# Who learns. `version` counts the saves.
learner = Table(
    "learner",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    *_document(),
    info=LEARNERS,
)
progress = Table(
    "progress",
    metadata,
    _learner(),
    Column("lesson", String(40), primary_key=True),
    *_document(),
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
    _learner(),
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
    _numbered("seq"),
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
    *_document(),
    UniqueConstraint("learner", "version", "place", name="fact_once"),
    info=LEARNERS,
)
# Statements that a learning record store still has to be told. `due`: when it is tried next (Unix
# seconds), or until when an instance that sends it has it for itself; `tries` that failed.
statement = Table(
    "statement",
    metadata,
    _numbered("seq"),
    Column("learner", String(40), nullable=False, index=True),
    Column("due", Float, nullable=False, index=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("doc", Text, nullable=False),
    info=LEARNERS,
)
# Up to which fact a reader that reads on has come.
reader = Table(
    "reader",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    info=NOBODYS,
)
# What came of a run of a lesson, summed over its facts: for figures, which facts alone would be
# too many for. `first` and `last`: when it began, and its latest fact (Unix seconds). `active`:
# seconds on judged steps. `quiz` is 1 if the first attempt at the final quiz passed, 0 if not.
# `recalls`: questions that were answered some days later, `recalled` those rightly; `applied` is 1
# if the last case among them was answered rightly, 0 if not.
journey = Table(
    "journey",
    metadata,
    _learner(),
    Column("lesson", String(40), primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("channel", String(40)),
    Column("event", String(80)),
    Column("locale", String(20)),
    Column("first", Float, nullable=False),
    Column("last", Float, nullable=False),
    Column("completed", Float),
    Column("score", Float),
    Column("quiz", Integer),
    Column("optional", Integer, nullable=False),
    Column("active", Float, nullable=False),
    Column("before", Integer),
    Column("after", Integer),
    Column("satisfaction", Integer),
    Column("recalls", Integer, nullable=False, server_default="0"),
    Column("recalled", Integer, nullable=False, server_default="0"),
    Column("applied", Integer),
    Index("journey_of", "lesson", "first"),
    info=LEARNERS,
)
# A step that was answered, a phase that was completed, or a question that was asked, in a run:
# `passed_on` is the attempt that passed first.
reached = Table(
    "reached",
    metadata,
    _learner(),
    Column("lesson", String(40), primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("passed_on", Integer),
    Column("hints", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    # They hold all that is summed, so that no row is looked up.
    Index("reached_of", "lesson", "name", "passed_on", "attempts", "hints", "seconds"),
    info=LEARNERS,
)
# What was picked at the first attempt at a step, where that attempt missed.
missed_with = Table(
    "missed_with",
    metadata,
    _learner(),
    Column("lesson", String(40), primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("step", String(40), primary_key=True),
    Column("input", String(80), primary_key=True),
    Column("option", String(80), primary_key=True),
    Index("missed_with_of", "lesson", "step", "input", "option"),
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
    Index("conversation_of", "learner"),
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
    *_document(),
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
    _learner(),
    Column("name", String(120), primary_key=True),
    Column("conversation", String(500), nullable=False),
    Column("due", Float, nullable=False, index=True),
    *_document("event"),
    info=LEARNERS,
)
# Recipes that workers still have to compute, and for whom.
computation = Table(
    "compute",
    metadata,
    _learner(),
    Column("key", String(80), primary_key=True),
    Column("step", String(40), primary_key=True),
    Column("conversation", String(500), nullable=False),
    Column("lesson", String(40), nullable=False),
    Column("run", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    *_document("recipe"),
    info=LEARNERS,
)
# What workers computed; never changed. One that can't be read any more is computed again from
# its recipe, which those from before the third schema don't have.
result = Table(
    "result",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("kind", String(20), nullable=False),
    *_document(),
    Column("recipe", Text),
    _form("recipe_form"),
    info=RESULTS,
)
# Whose recipes gave a result: it goes with the last of them. `until`: how long it is kept since
# the learner's progress doesn't need it any more, for others who might order the same.
computed_for = Table(
    "computed_for",
    metadata,
    _learner(),
    Column("key", String(80), primary_key=True, index=True),
    Column("until", Float, index=True),
    info=LEARNERS,
)
# Documents that couldn't be read: kept for the operator, while their learners go on without.
# `name` is the table, `key` what told the row from the learner's others there.
set_aside = Table(
    "set_aside",
    metadata,
    _numbered("seq"),
    Column("learner", String(40), nullable=False, index=True),
    Column("name", String(40), nullable=False),
    Column("key", String(500), nullable=False),
    Column("at", Float, nullable=False),
    *_document(),
    info=LEARNERS,
)
# Rooms of live sessions (dialogs/room/state.py). `version` counts the saves; `host_seen` is when a
# host's page was connected last (Unix seconds); `calls` counts those to the staged endpoint.
room = Table(
    "room",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("code", String(12), nullable=False, unique=True),
    Column("opened", Float, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("host_seen", Float, nullable=False),
    Column("calls", Integer, nullable=False, server_default="0"),
    *_document(),
    info=NOBODYS,
)
# Trainings that were prepared for demonstrations in sessions: the newest of each run and language.
staged = Table(
    "staged",
    metadata,
    Column("run", String(40), primary_key=True),
    Column("session", String(40), primary_key=True),
    Column("locale", String(20), primary_key=True),
    Column("key", String(80), nullable=False),
    Column("at", Float, nullable=False),
    Column("kind", String(20), nullable=False),
    *_document(),
    info=NOBODYS,
)
# Who is in a room: since when, and the conversation in which they are told. `gone`: they left it,
# or went to another.
attendance = Table(
    "attendance",
    metadata,
    _learner(),
    Column("room", String(40), primary_key=True, index=True),
    Column("at", Float, nullable=False),
    Column("conversation", String(500), nullable=False),
    Column("gone", Boolean, nullable=False),
    info=LEARNERS,
)
# A learner's answer in a room, the last one: to an activity of the run sheet, or to a question of
# another learner (`question:<number>`).
vote = Table(
    "vote",
    metadata,
    _learner(),
    Column("room", String(40), primary_key=True),
    Column("activity", String(60), primary_key=True),
    Column("answer", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("vote_of", "room", "activity"),
    info=LEARNERS,
)
# Questions to the host, for after the talk.
question = Table(
    "question",
    metadata,
    _numbered("number"),
    Column("learner", String(40), nullable=False, index=True),
    Column("room", String(40), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("at", Float, nullable=False),
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
    _learner(),
    Column("at", Float, nullable=False),
    info=LEARNERS,
)
# Short-lived codes, as hashes; `use` says what one is good for. A learner has one of each use.
code = Table(
    "code",
    metadata,
    _learner(),
    Column("use", String(20), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("expires", Float, nullable=False),
    info=LEARNERS,
)
# Certificates as they were issued; never changed, but revoked. `credential` is the signed badge.
certificate = Table(
    "certificate",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("learner", String(40), nullable=False, index=True),
    Column("lesson", String(40), nullable=False),
    Column("at", Float, nullable=False),
    Column("revoked", Float),
    Column("why", String(20)),
    *_document(),
    Column("credential", Text, nullable=False),
    info=LEARNERS,
)
# Keys that sign certificates, by their thumbprints; old ones stay, so that what they signed can be
# checked. One that the settings hold has no private half here.
signing_key = Table(
    "signing_key",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("made", Float, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("private", LargeBinary),
    info=NOBODYS,
)
# Keys that were made at the first start.
secret = Table(
    "secret",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
    info=NOBODYS,
)
