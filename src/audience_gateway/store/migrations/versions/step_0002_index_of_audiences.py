"""An index of every provider's audiences: what they are sorted and found by, and how far it follows each provider."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
_PLAIN_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_INDEXES = {
    "ix_audience_name_key_provider_key_native_id": ("name_key", "provider_key", "native_id"),
    "ix_audience_created_at_provider_key_native_id": ("created_at", "provider_key", "native_id"),
    "ix_audience_updated_at_provider_key_native_id": ("updated_at", "provider_key", "native_id"),
    "ix_audience_size_value_provider_key_native_id": ("size_value", "provider_key", "native_id"),
    "ix_audience_status_provider_key_kind": ("status", "provider_key", "kind"),
}


def upgrade() -> None:
    """Widen ``audience`` and make the three tables that keep it up to date."""
    for column in (
        sa.Column("name_key", _PLAIN_TEXT, nullable=False, server_default=""),
        sa.Column("size_noted_at", _MOMENT),
        sa.Column("group_id", _PLAIN_TEXT),
        sa.Column("group_name", sa.Text()),
        sa.Column("group_kind", sa.Text()),
        sa.Column("document", sa.LargeBinary()),
    ):
        op.add_column("audience", column)
    op.execute("UPDATE audience SET name_key = substr(name_folded, 1, 200), size_value = member_count")
    op.drop_column("audience", "member_count")
    for name, columns in _INDEXES.items():
        op.create_index(name, "audience", list(columns))
    _make_reading()
    op.create_table(
        "audience_change",
        sa.Column("provider_key", _PLAIN_TEXT, nullable=False),
        sa.Column("native_id", _PLAIN_TEXT, nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("provider_key", "native_id", name="pk_audience_change"),
    )
    _make_catalogue()


def downgrade() -> None:
    """Forget what other providers said, and count local members where they were counted before."""
    for table in ("catalogue", "audience_change", "audience_reading"):
        op.drop_table(table)
    op.execute("DELETE FROM audience WHERE provider_key <> 'local'")
    op.add_column("audience", sa.Column("member_count", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE audience SET member_count = coalesce(size_value, 0), size_value = NULL")
    for name in _INDEXES:
        op.drop_index(name, "audience")
    for column in ("name_key", "size_noted_at", "group_id", "group_name", "group_kind", "document"):
        op.drop_column("audience", column)


def _make_reading() -> None:
    op.create_table(
        "audience_reading",
        sa.Column("provider_key", _PLAIN_TEXT, nullable=False),
        sa.Column("native_id", _PLAIN_TEXT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", _PLAIN_TEXT, nullable=False),
        sa.Column("name_key", _PLAIN_TEXT, nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("size_value", sa.BigInteger()),
        sa.Column("size_basis", sa.Text()),
        sa.Column("size_as_of", _MOMENT),
        sa.Column("group_id", _PLAIN_TEXT),
        sa.Column("group_name", sa.Text()),
        sa.Column("group_kind", sa.Text()),
        sa.Column("created_at", _MOMENT),
        sa.Column("updated_at", _MOMENT),
        sa.Column("fetched_at", _MOMENT, nullable=False),
        sa.Column("document", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("provider_key", "native_id", name="pk_audience_reading"),
        sqlite_with_rowid=False,
    )


def _make_catalogue() -> None:
    op.create_table(
        "catalogue",
        sa.Column("provider_key", _PLAIN_TEXT, nullable=False),
        sa.Column("account", sa.Text()),
        sa.Column("read_at", _MOMENT),
        *(sa.Column(name, sa.Text()) for name in ("gap", "failure")),
        sa.Column("failed_at", _MOMENT),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("suspicion", sa.Text()),
        sa.Column("change", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("reading", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("reading_since", _MOMENT),
        sa.Column("reading_until", _MOMENT),
        sa.PrimaryKeyConstraint("provider_key", name="pk_catalogue"),
    )
