"""The tables as they are now; ``migrations`` says how they came about, and a test that both agree."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    column,
    table,
)

from audience_gateway.store.columns import DOCUMENT, IDENTIFIER, PLAIN_TEXT, Moment, Money

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

audience = Table(
    "audience",
    metadata,
    Column("id", IDENTIFIER, primary_key=True),
    Column("provider_key", PLAIN_TEXT, nullable=False),
    Column("native_id", PLAIN_TEXT, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_folded", PLAIN_TEXT, nullable=False),
    Column("description", Text),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("size_value", BigInteger),
    Column("size_basis", Text),
    Column("size_as_of", Moment),
    Column("rule", DOCUMENT),
    Column("created_at", Moment),
    Column("updated_at", Moment),
    Column("fetched_at", Moment, nullable=False),
    Column("member_count", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("provider_key", "native_id"),
)
"""Audiences: with ``provider_key`` ``local`` the truth, with any other what that provider last said.

``member_count`` is the number of ``membership`` rows, written in the transaction that writes those.
"""

member = Table(
    "member",
    metadata,
    Column("id", IDENTIFIER, primary_key=True),
    Column("native_id", PLAIN_TEXT, nullable=False, unique=True),
    Column("email", Text),
    Column("phone", Text),
    Column("full_name", Text),
    Column("external_id", Text),
    Column("language", Text),
    Column("attributes", DOCUMENT),
    Column("total_orders", Integer),
    Column("total_order_value", Money),
    Column("last_order_at", Moment),
    Column("created_at", Moment),
    Column("updated_at", Moment),
    Column("last_clicked_at", Moment),
    Column("last_sent_at", Moment),
    Column("signed_up_at", Moment),
    Column("send_count", Integer),
    Column("click_count", Integer),
    Column("conversion_count", Integer),
    Column("revenue_total", Money),
    Column("revenue_average", Money),
    Column("has_revenue", Boolean),
    Column("last_revenue_at", Moment),
    Column("carrier", Text),
    Column("timezone", Text),
    Column("search_text", Text, nullable=False),
)
"""The people of the local store, with everything a rule may ask about; ``search_text`` as ``search`` makes it."""

membership = Table(
    "membership",
    metadata,
    Column("audience_id", IDENTIFIER, ForeignKey("audience.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", IDENTIFIER, ForeignKey("member.id"), primary_key=True),
    Column("added_at", Moment, nullable=False),
    Index(None, "member_id", "audience_id"),
    sqlite_with_rowid=False,
)
"""Who is in which local audience. A person cannot be deleted before their memberships, which count."""

secret = Table(
    "secret",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""Random bytes that all processes share."""

member_search = table("member_search", column("rowid"), column("member_search"))
"""SQLite's trigram index over ``member.search_text`` (FTS5, external content); PostgreSQL has a GIN index instead."""
