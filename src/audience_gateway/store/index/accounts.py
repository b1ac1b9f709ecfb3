"""Whose audiences the index holds: a key that is given to another account must not show the old one's."""

from collections.abc import Mapping

from sqlalchemy import Text, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from audience_gateway.store.database import Database
from audience_gateway.store.tables import audience, audience_change, audience_reading, catalogue
from audience_gateway.store.upserts import insert_into

_ACCOUNTS = select(catalogue.c.provider_key, catalogue.c.account).where(
    catalogue.c.provider_key.in_(bindparam("provider_keys", expanding=True, type_=Text))
)


async def adopt(database: Database, accounts: Mapping[str, str]) -> None:
    """Say whose audiences stand under each key; what was known of another account goes, and its readers lose the right.

    Nothing is written where everything is as it was.
    """
    if await _known(database, accounts) == accounts:
        return
    new = insert_into(catalogue, database.dialect).on_conflict_do_nothing()
    async with database.writing() as connection:
        await connection.execute(new, [{"provider_key": key, "account": account} for key, account in accounts.items()])
        rows = (await connection.execute(_ACCOUNTS, {"provider_keys": list(accounts)})).all()
        for row in rows:
            if row.account not in {None, accounts[row.provider_key]}:
                await _forget(connection, row.provider_key)
            await connection.execute(
                update(catalogue)
                .where(catalogue.c.provider_key == row.provider_key)
                .values(account=accounts[row.provider_key])
            )


async def _known(database: Database, accounts: Mapping[str, str]) -> Mapping[str, str]:
    rows = await database.read(_ACCOUNTS, {"provider_keys": list(accounts)}) if accounts else ()
    return {row.provider_key: row.account for row in rows}


async def _forget(connection: AsyncConnection, provider_key: str) -> None:
    for table in (audience, audience_reading, audience_change):
        await connection.execute(delete(table).where(table.c.provider_key == provider_key))
    blank = dict.fromkeys(
        ("read_at", "gap", "failure", "failed_at", "suspicion", "reading_since", "reading_until"), None
    )
    await connection.execute(
        update(catalogue)
        .where(catalogue.c.provider_key == provider_key)
        .values(failures=0, reading=catalogue.c.reading + 1, **blank)
    )
