"""The tables, as SQLAlchemy knows them: times are seconds since 1970, values of ours are JSON.

Out: `metadata`, the tables and `HEAD`, the migration that they stand at. A change here needs a new file in
`migrations/versions`; a test compares the two. Left out: reading and writing them.
"""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint

HEAD = "0001"
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("started", Float, nullable=False),
    Column("last", Float, nullable=False, index=True),
)

turns = Table(
    "turns",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=True),  # the order in which they were kept, clocks apart
    Column("id", String(64), nullable=False, unique=True),
    Column("conversation", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", Integer, nullable=False),  # within the conversation, from 1
    Column("asked", Float, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("label", String(200), nullable=False),
    Column("topic", Text, nullable=False),
    Column("index_id", String(64), nullable=False),
    Column("elapsed_ms", Float, nullable=False),
    Column("question", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("origin", Text, nullable=False),  # of model, settings and sentences that the reply came from
    Column("redacted", Boolean, nullable=False),
    Column("seal", String(64), nullable=False),  # sha256 over all of it, so that an altered row is known
    UniqueConstraint("conversation", "number"),
)

citations = Table(
    "citations",
    metadata,
    Column("turn", ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("label", String(200), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("first", Integer, nullable=False),  # characters of the label's text, half-open
    Column("end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("turn", ForeignKey("turns.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("rating", String(20), nullable=False),
    Column("comment", Text, nullable=False),
    Column("said", Float, nullable=False),
)

flags = Table(
    "flags",
    metadata,
    Column("turn", ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("raised", Float, nullable=False),
    Column("changed", Float, nullable=False),
    Column("note", Text, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    Column("scopes", String(100), nullable=False),
    Column("created", Float, nullable=False),
    Column("revoked", Float),
)
