import asyncio
import sys

from audience_gateway.store import SqlStore, open_store

ASK = """
import asyncio, sys
from audience_gateway.store import open_store

async def ask():
    store = open_store(sys.argv[1])
    await store.migrate()
    print((await store.secret("cursors")).hex())
    await store.close()

asyncio.run(ask())
"""


async def asked_elsewhere(url: str) -> str:
    """What a process of its own gets, which also brings the database up to date."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", ASK, url, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode().strip()


async def test_processes_that_start_on_an_empty_database_at_once_share_their_secret(database_url: str) -> None:
    answers = await asyncio.gather(*(asked_elsewhere(database_url) for _ in range(2)))

    store = open_store(database_url)
    assert set(answers) == {(await store.secret("cursors")).hex()}
    await store.close()


async def test_whoever_asks_first_makes_it_for_everybody(store: SqlStore, database_url: str) -> None:
    others = [open_store(database_url) for _ in range(4)]

    answers = await asyncio.gather(*(each.secret("cursors") for each in (store, *others) for _ in range(3)))

    assert len(set(answers)) == 1
    assert len(answers[0]) == 32
    for other in others:
        await other.close()


async def test_each_name_has_its_own_secret(store: SqlStore) -> None:
    assert await store.secret("cursors") != await store.secret("keys")
