"""Random bytes that every process over the same database shares."""

import secrets

from sqlalchemy import Text, bindparam, select

from audience_gateway.store.database import Database
from audience_gateway.store.tables import secret
from audience_gateway.store.upserts import insert_into

_BYTES = 32
_BY_NAME = select(secret.c.value).where(secret.c.name == bindparam("wanted", type_=Text))


async def shared_secret(database: Database, name: str) -> bytes:
    """32 random bytes kept under ``name``; whoever asks first makes them, and everybody gets those."""
    for row in await database.read(_BY_NAME, {"wanted": name}):
        return bytes(row.value)
    keep_older = insert_into(secret, database.dialect).on_conflict_do_nothing()
    async with database.writing() as connection:
        await connection.execute(keep_older, {"name": name, "value": secrets.token_bytes(_BYTES)})
        kept = await connection.execute(_BY_NAME, {"wanted": name})
        return bytes(kept.scalar_one())
