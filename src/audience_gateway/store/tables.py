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
    Column("name_key", PLAIN_TEXT, nullable=False, server_default=""),
    Column("description", Text),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("size_value", BigInteger),
    Column("size_basis", Text),
    Column("size_as_of", Moment),
    Column("size_noted_at", Moment),
    Column("group_id", PLAIN_TEXT),
    Column("group_name", Text),
    Column("group_kind", Text),
    Column("rule", DOCUMENT),
    Column("created_at", Moment),
    Column("updated_at", Moment),
    Column("fetched_at", Moment, nullable=False),
    Column("document", LargeBinary),
    UniqueConstraint("provider_key", "native_id"),
    Index(None, "name_key", "provider_key", "native_id"),
    Index(None, "created_at", "provider_key", "native_id"),
    Index(None, "updated_at", "provider_key", "native_id"),
    Index(None, "size_value", "provider_key", "native_id"),
    Index(None, "status", "provider_key", "kind"),
)
"""Audiences: with ``provider_key`` ``local`` the truth, with any other what that provider last said.

Local rows are their columns, and ``size_value`` is the number of their ``membership`` rows, written in the transaction
that writes those. Rows of other providers are their ``document`` (see ``index.documents``) and size; the other
columns are what they are found and sorted by. ``name_key`` is the beginning of ``name_folded``, short enough for an
index; ``size_noted_at`` is when a size was last asked for by itself.
"""

audience_reading = Table(
    "audience_reading",
    metadata,
    Column("provider_key", PLAIN_TEXT, primary_key=True),
    Column("native_id", PLAIN_TEXT, primary_key=True),
    *(
        Column(column.name, column.type, nullable=column.nullable)
        for column in audience.columns
        if column.name not in {"id", "provider_key", "native_id", "size_noted_at", "rule"}
    ),
    sqlite_with_rowid=False,
)
"""What a reading of a provider's audiences has put aside so far, until it is taken over whole."""

audience_change = Table(
    "audience_change",
    metadata,
    Column("provider_key", PLAIN_TEXT, primary_key=True),
    Column("native_id", PLAIN_TEXT, primary_key=True),
    Column("change", BigInteger, nullable=False),
)
"""Audiences of other providers that we wrote or deleted ourselves, until a reading begun later has been taken over."""

catalogue = Table(
    "catalogue",
    metadata,
    Column("provider_key", PLAIN_TEXT, primary_key=True),
    Column("account", Text),
    Column("read_at", Moment),
    Column("gap", Text),
    Column("failure", Text),
    Column("failed_at", Moment),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("suspicion", Text),
    Column("change", BigInteger, nullable=False, server_default="0"),
    Column("reading", BigInteger, nullable=False, server_default="0"),
    Column("reading_since", Moment),
    Column("reading_until", Moment),
)
"""How far the index follows each provider (``domain.catalogue.SourceRecord``), and who may read it now.

``account`` is whose audiences these are; ``reading`` numbers the readings, ``change`` our own changes; a reading is
under way until ``reading_until``.
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
