"""Settings: what the configuration file and the environment may say, read once, refused whole when part is wrong."""

import asyncio
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from audience_gateway.domain.errors import ConfigurationError

LOCAL_KEY = "local"
"""The key under which our own store is always offered."""

HttpLibrary = Literal["httpx", "aiohttp"]

_LONGEST_SECRET = 65_536
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_Model = TypeVar("_Model", bound=BaseModel)


class Secret:
    """A value that is used but never shown.

    :param origin: where it comes from, such as ``env:TRACKLY_US_KEY``; this may be shown.
    :param read: gives the present value; raises OSError, KeyError or ValueError when there is none.
    """

    def __init__(self, origin: str, read: Callable[[], str]) -> None:
        self._origin = origin
        self._read = read
        self._value = read()

    def reveal(self) -> str:
        """The value itself, for the one place that sends it."""
        return self._value

    async def refresh(self) -> bool:
        """Read it again, off the event loop; True when it has changed. Keeps the old value when it cannot be read."""
        try:
            value = await asyncio.to_thread(self._read)
        except (OSError, KeyError, ValueError):
            return False
        changed = value != self._value
        self._value = value
        return changed

    def __repr__(self) -> str:
        return f"Secret({self._origin})"


def _revealed(value: object) -> object:
    return value.reveal() if isinstance(value, Secret) else value


def _host(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        if not _HOST.fullmatch(value):
            raise ValueError("must be a host name without scheme and port") from None
    return value.lower()


class GatewaySettings(BaseModel):
    """The ``[gateway]`` table."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, hide_input_in_errors=True, use_attribute_docstrings=True
    )

    database_url: Annotated[str, BeforeValidator(_revealed), Field(pattern=r"^(sqlite|postgresql)://")] = (
        "sqlite:///audience-gateway.db"
    )
    """Where the store is: ``sqlite:///file.db`` or ``postgresql://user:password@host/name``."""
    freshness_seconds: Annotated[int, Field(ge=0, le=86_400)] = 60
    """How old a provider's list may be, in seconds; an older one is served and read again, with 0 waited for."""
    sizes_ahead: bool = True
    """Whether sizes that a provider tells one by one are read in the background, within half of the calls it allows."""
    deadline_seconds: Annotated[float, Field(strict=False, gt=0, le=120)] = 10.0
    """How long one request may take in all, in seconds."""
    allowed_hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = Field(default=(), strict=False)
    """Host names, besides loopback, under which the gateway may be addressed."""
    graphiql: bool = True
    """Whether browsers get GraphiQL at the GraphQL path."""
    transport: HttpLibrary | None = None
    """The HTTP library that calls providers, ``httpx`` or ``aiohttp``; without it, aiohttp where it is installed."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """One ``[providers.KEY]`` table: the dialect, and the rest for the dialect to judge."""

    key: str
    dialect: str
    table: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration; ``providers`` in the order of the file.

    ``problems`` is what is wrong with it so far, one line each; only the dialects can judge their own settings.
    """

    gateway: GatewaySettings
    providers: tuple[ProviderSettings, ...]
    problems: tuple[str, ...] = ()


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read the configuration file, with its ``problems``; raises ConfigurationError when it cannot be read at all."""
    try:
        return draft(tomllib.loads(path.read_text(encoding="utf-8")), environ)
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError([f"{path}: is not TOML: {error}"]) from error
    except RecursionError:
        raise ConfigurationError([f"{path}: is nested too deeply"]) from None


def parse(document: Mapping[str, object], environ: Mapping[str, str]) -> Settings:
    """Read a configuration document; raises ConfigurationError with every problem found, one line each."""
    settings = draft(document, environ)
    if settings.problems:
        raise ConfigurationError(settings.problems)
    return settings


def draft(document: Mapping[str, object], environ: Mapping[str, str]) -> Settings:
    """Read a configuration document as far as it makes sense; the rest is told in ``problems``."""
    problems = [f"{name}: unknown setting" for name in document if name not in {"gateway", "providers"}]
    resolved = _resolve(document, environ, "", problems)
    gateway = GatewaySettings()
    try:
        gateway = validate(GatewaySettings, _table(resolved, "gateway", problems), "gateway")
    except ConfigurationError as error:
        problems.extend(error.problems)
    providers = _providers(_table(resolved, "providers", problems), problems)
    return Settings(gateway, providers, tuple(problems))


def validate(model: type[_Model], table: Mapping[str, object], name: str) -> _Model:
    """Check one table against its model; raises ConfigurationError naming settings below ``name``, never values."""
    try:
        return model.model_validate(dict(table))
    except ValidationError as error:
        raise ConfigurationError([_line(name, problem["loc"], problem) for problem in error.errors()]) from None


def _line(name: str, location: tuple[int | str, ...], problem: Mapping[str, object]) -> str:
    path = ".".join([name, *(str(part) for part in location)])
    if problem["type"] == "extra_forbidden":
        return f"{path}: unknown setting"
    message = str(problem["msg"]).removeprefix("Value error, ").replace("valid tuple", "list")
    return f"{path}: {message[:1].lower()}{message[1:]}"


def _providers(tables: Mapping[str, object], problems: list[str]) -> tuple[ProviderSettings, ...]:
    providers = []
    for key, table in tables.items():
        name = f"providers.{key}"
        if not isinstance(table, Mapping):
            problems.append(f"{name}: must be a table")
        elif key == LOCAL_KEY:
            problems.append(f"{name}: the key {LOCAL_KEY} is taken by the gateway's own store")
        elif not _KEY.fullmatch(key):
            problems.append(f"{name}: a key is lower-case letters, digits and hyphens, at most 63")
        elif not isinstance(table.get("dialect"), str):
            problems.append(f"{name}.dialect: is missing or not text")
        else:
            rest = {setting: value for setting, value in table.items() if setting != "dialect"}
            providers.append(ProviderSettings(key, str(table["dialect"]), rest))
    return tuple(providers)


def _table(document: object, name: str, problems: list[str]) -> Mapping[str, object]:
    table = document.get(name, {}) if isinstance(document, Mapping) else {}
    if isinstance(table, Mapping):
        return table
    problems.append(f"{name}: must be a table")
    return {}


def _resolve(value: object, environ: Mapping[str, str], name: str, problems: list[str]) -> object:
    """Put a Secret wherever the document says ``env:NAME`` or ``file:PATH``; leave out what cannot be read."""
    if isinstance(value, Mapping):
        parts = {key: _resolve(part, environ, f"{name}.{key}".lstrip("."), problems) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part is not None}
    if isinstance(value, str) and value.startswith("env:"):
        variable = value.removeprefix("env:")
        if not environ.get(variable):
            problems.append(f"{name}: the environment variable {variable} is not set")
            return None
        return Secret(value, lambda: environ[variable])
    if isinstance(value, str) and value.startswith("file:"):
        source = Path(value.removeprefix("file:"))
        try:
            return Secret(value, partial(_read_secret, source))
        except (OSError, ValueError):
            problems.append(f"{name}: the file {source} cannot be read, or holds no short text")
            return None
    return value


def _read_secret(source: Path) -> str:
    """The text of a file without the space around it; raises OSError, and ValueError for what can be no secret."""
    with source.open(encoding="utf-8") as file:
        text = file.read(_LONGEST_SECRET + 1)
    if not text.strip() or len(text) > _LONGEST_SECRET:
        raise ValueError("not a short text")
    return text.strip()
