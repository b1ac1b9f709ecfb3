"""Where the database is, read from the setting and checked before anything is opened."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from audience_gateway.domain.errors import ConfigurationError

_SETTING = "gateway.database_url"


def parse_address(database_url: str) -> URL:
    """Read ``sqlite:///file.db`` or ``postgresql://user:password@host/name``; raises ConfigurationError.

    Messages never repeat the address: a password may be anywhere in one that cannot be read.
    """
    try:
        address = make_url(database_url)
    except (ArgumentError, ValueError):
        raise _problem('is not an address such as "sqlite:///file.db"; a password must be percent-encoded') from None
    if address.drivername == "postgresql":
        return address
    if address.drivername != "sqlite":
        raise _problem("must begin with sqlite:// or postgresql://")
    if not address.database or address.database == ":memory:" or address.database.startswith("file:"):
        raise _problem("must name a file, such as sqlite:///audience-gateway.db")
    if address.query or address.host or address.username:
        raise _problem("must hold nothing but the path of the file")
    return address


def missing_driver() -> ConfigurationError:
    """What to say when the address is PostgreSQL's and psycopg cannot be imported."""
    return _problem('PostgreSQL needs the extra "postgres": pip install "audience-gateway[postgres]"')


def _problem(text: str) -> ConfigurationError:
    return ConfigurationError([f"{_SETTING}: {text}"])
