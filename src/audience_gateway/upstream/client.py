"""The call path of every adapter: one deadline over all tries, whole JSON or an error, reads retried by budget."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlencode

import msgspec

from audience_gateway.domain import errors
from audience_gateway.ports import Clock, HttpReply, HttpRequest, HttpTransport, ProviderResources
from audience_gateway.upstream import transport as transports
from audience_gateway.upstream.retry import RetryBudget
from audience_gateway.upstream.settings import UpstreamSettings
from audience_gateway.upstream.statuses import Explanation, error_for, retry_after

_TRIES = 3
_TIMEOUT_TRIES = 2
_BACKOFF_SECONDS = 0.1
_RETRIED_STATUSES = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class JsonReply:
    """A successful reply: status, headers by lower-case name, and the whole JSON document."""

    status: int
    headers: Mapping[str, str]
    document: object


class UpstreamClient:
    """One account's way out.

    :param authorization: from the key to the headers that carry it.
    :param explain: from an error's status and JSON document (None when it is not JSON) to what the vendor means.
    """

    def __init__(
        self,
        resources: ProviderResources,
        settings: UpstreamSettings,
        *,
        authorization: Callable[[str], Mapping[str, str]],
        explain: Callable[[int, object], Explanation],
    ) -> None:
        self._key = resources.key
        self._transport: HttpTransport = resources.transport
        self._clock: Clock = resources.clock
        self._randomness: random.Random = resources.randomness
        self._settings = settings
        self._authorization = authorization
        self._explain = explain
        self._budget: RetryBudget | None = None

    async def get(
        self,
        path: Sequence[str],
        query: Mapping[str, str] | None = None,
        *,
        thing: str,
        always_there: bool = False,
        deadline_seconds: float | None = None,
        tries: int = _TRIES,
    ) -> JsonReply:
        """Read one resource.

        :param path: segments below the base URL; each reaches the vendor as exactly one segment, whatever it holds.
        :param thing: what is asked for, as messages name it.
        :param always_there: whether only a wrong base URL can hide it, so that its absence is UpstreamBadResponse.
        :param deadline_seconds: for everything, waits included; default: the account's setting. A single try may
            take that long too when it is given.

        Raises NotFound and the ProviderFault family, nothing else.
        """
        if any(segment in {"", ".", ".."} for segment in path):
            raise errors.NotFound(f"{self._key} has no {thing}.", provider_key=self._key)
        now = asyncio.get_running_loop().time
        deadline = now() + (deadline_seconds or self._settings.deadline_seconds)
        attempt_seconds = deadline_seconds or self._settings.attempt_seconds
        budget = self._budget = self._budget or RetryBudget(now())
        budget.earn()
        attempt = 0
        while True:
            attempt += 1
            try:
                return await self._attempt(path, query, thing, min(attempt_seconds, deadline - now()))
            except errors.NotFound as error:
                if not always_there:
                    raise
                raise self._misplaced(error, thing) from error
            except errors.GatewayError as error:
                wait = self._wait(error, attempt, tries)
                if wait is None or now() + wait >= deadline or not budget.spend(now()):
                    raise
            await asyncio.sleep(wait)

    def _wait(self, error: errors.GatewayError, attempt: int, tries: int) -> float | None:
        """Seconds to wait before the next try; None when there is none."""
        allowed = min(tries, _TIMEOUT_TRIES) if isinstance(error, errors.UpstreamTimeout) else tries
        if attempt >= allowed or not error.retryable:
            return None
        if error.upstream_status is not None and error.upstream_status not in _RETRIED_STATUSES:
            return None
        if error.retry_after_seconds is not None:
            return error.retry_after_seconds
        return self._randomness.uniform(0, _BACKOFF_SECONDS * 2.0**attempt)

    async def _attempt(
        self, path: Sequence[str], query: Mapping[str, str] | None, thing: str, seconds: float
    ) -> JsonReply:
        now = asyncio.get_running_loop().time
        end = now() + seconds
        secret = self._settings.secret
        key = secret.reveal()
        reply = await self._send(path, query, key, seconds)
        if reply.status == HTTPStatus.UNAUTHORIZED:
            await secret.refresh()
            if secret.reveal() != key:
                reply = await self._send(path, query, secret.reveal(), end - now())
        if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
            return JsonReply(reply.status, reply.headers, self._whole_json(reply))
        try:
            document = msgspec.json.decode(reply.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            document = None
        raise error_for(
            reply.status,
            self._explain(reply.status, document),
            provider_key=self._key,
            thing=thing,
            retry_after_seconds=retry_after(reply.headers.get("retry-after"), self._clock.now()),
        )

    async def _send(self, path: Sequence[str], query: Mapping[str, str] | None, key: str, seconds: float) -> HttpReply:
        url = "/".join([self._settings.base_url, *(quote(segment, safe="") for segment in path)])
        request = HttpRequest(
            method="GET",
            url=f"{url}?{urlencode(query)}" if query else url,
            headers=self._authorization(key),
            deadline_seconds=max(seconds, 0.001),
        )
        try:
            return await self._transport.send(request)
        except transports.DeadlinePassed as error:
            raise errors.UpstreamTimeout(f"{self._key} did not answer in time.", provider_key=self._key) from error
        except transports.ReplyTooLarge as error:
            raise errors.UpstreamTooLarge(f"{self._key} answered too much.", provider_key=self._key) from error
        except transports.ConnectionFailed as error:
            raise errors.UpstreamUnavailable(f"{self._key} cannot be reached.", provider_key=self._key) from error
        except transports.TransportError as error:
            raise self._unreadable(None) from error

    def _whole_json(self, reply: HttpReply) -> object:
        """The reply's document; parsing to the end is what proves that nothing was cut off."""
        try:
            return msgspec.json.decode(reply.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise self._unreadable(reply.status) from error

    def _misplaced(self, error: errors.NotFound, thing: str) -> errors.UpstreamBadResponse:
        return errors.UpstreamBadResponse(
            f"{self._key} has no {thing} where it should be: the base URL may be wrong.",
            provider_key=self._key,
            retry_after_seconds=error.retry_after_seconds,
            upstream_status=error.upstream_status,
            upstream_code=error.upstream_code,
        )

    def _unreadable(self, status: int | None) -> errors.UpstreamBadResponse:
        return errors.UpstreamBadResponse(
            f"{self._key} answered something that is not whole JSON.", provider_key=self._key, upstream_status=status
        )
