"""Audiences, people, who is in what, a search index over people, and shared secrets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from audience_gateway.domain.errors import ConfigurationError

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_PLAIN_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_SQLITE_SEARCH = (
    """
    CREATE VIRTUAL TABLE member_search
    USING fts5 (search_text, content = 'member', content_rowid = 'id', tokenize = 'trigram case_sensitive 1')
    """,
    """
    CREATE TRIGGER member_search_insert AFTER INSERT ON member BEGIN
      INSERT INTO member_search (rowid, search_text) VALUES (new.id, new.search_text);
    END
    """,
    """
    CREATE TRIGGER member_search_delete AFTER DELETE ON member BEGIN
      INSERT INTO member_search (member_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
    END
    """,
    """
    CREATE TRIGGER member_search_update AFTER UPDATE OF id, search_text ON member
    WHEN old.id <> new.id OR old.search_text <> new.search_text BEGIN
      INSERT INTO member_search (member_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
      INSERT INTO member_search (rowid, search_text) VALUES (new.id, new.search_text);
    END
    """,
)
_NO_TRIGRAMS = (
    "gateway.database_url: the PostgreSQL extension pg_trgm is missing and this user may not make it; "
    "let an administrator run CREATE EXTENSION pg_trgm in this database"
)


def upgrade() -> None:
    """Make the first tables."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        _make_trigrams()
    _make_audience()
    _make_member()
    _make_membership()
    op.create_table(
        "secret",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secret"),
    )
    if on_postgresql:
        op.execute("CREATE INDEX ix_member_search_text ON member USING gin (search_text gin_trgm_ops)")
    else:
        for statement in _SQLITE_SEARCH:
            op.execute(statement)


def downgrade() -> None:
    """Drop everything but PostgreSQL's extension, which others may use."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE member_search")
    for table in ("secret", "membership", "member", "audience"):
        op.drop_table(table)


def _make_trigrams() -> None:
    try:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DBAPIError as error:
        raise ConfigurationError([_NO_TRIGRAMS]) from error


def _make_audience() -> None:
    op.create_table(
        "audience",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("provider_key", _PLAIN_TEXT, nullable=False),
        sa.Column("native_id", _PLAIN_TEXT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", _PLAIN_TEXT, nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("size_value", sa.BigInteger()),
        sa.Column("size_basis", sa.Text()),
        sa.Column("size_as_of", _MOMENT),
        sa.Column("rule", _DOCUMENT),
        sa.Column("created_at", _MOMENT),
        sa.Column("updated_at", _MOMENT),
        sa.Column("fetched_at", _MOMENT, nullable=False),
        sa.Column("member_count", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_audience"),
        sa.UniqueConstraint("provider_key", "native_id", name="uq_audience_provider_key_native_id"),
    )


def _make_member() -> None:
    op.create_table(
        "member",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("native_id", _PLAIN_TEXT, nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("email", "phone", "full_name", "external_id", "language")),
        sa.Column("attributes", _DOCUMENT),
        sa.Column("total_orders", sa.Integer()),
        sa.Column("total_order_value", sa.BigInteger()),
        *(sa.Column(name, _MOMENT) for name in ("last_order_at", "created_at", "updated_at")),
        *(sa.Column(name, _MOMENT) for name in ("last_clicked_at", "last_sent_at", "signed_up_at")),
        *(sa.Column(name, sa.Integer()) for name in ("send_count", "click_count", "conversion_count")),
        *(sa.Column(name, sa.BigInteger()) for name in ("revenue_total", "revenue_average")),
        sa.Column("has_revenue", sa.Boolean()),
        sa.Column("last_revenue_at", _MOMENT),
        *(sa.Column(name, sa.Text()) for name in ("carrier", "timezone")),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.UniqueConstraint("native_id", name="uq_member_native_id"),
    )


def _make_membership() -> None:
    op.create_table(
        "membership",
        sa.Column("audience_id", _NUMBER, nullable=False),
        sa.Column("member_id", _NUMBER, nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("audience_id", "member_id", name="pk_membership"),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name="fk_membership_audience_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_membership_member_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_membership_member_id_audience_id", "membership", ["member_id", "audience_id"])
