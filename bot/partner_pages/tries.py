"""How often somebody may try: counted for the last hour, in this process alone, and forgotten with it."""

from collections import deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from aiohttp import web

SPAN = timedelta(hours=1)
_MOST_KEYS = 10_000
_MOST_MOMENTS = 50_000


class Tries:
    """What is counted has a key; a key that has been silent longest makes room when there are too many."""

    def __init__(self) -> None:
        self._moments: dict[str, deque[datetime]] = {}

    def wait(self, key: str, limit: int, now: datetime) -> int:
        """Seconds until there are fewer than `limit` in the last hour; 0 when there are."""
        moments = self._moments.get(key)
        if moments is None:
            return 0
        while moments and moments[0] <= now - SPAN:
            moments.popleft()
        if len(moments) < limit:
            return 0
        return max(1, ceil((moments[-limit] + SPAN - now).total_seconds()))

    def note(self, key: str, now: datetime) -> None:
        moments = self._moments.pop(key, None) or deque(maxlen=_MOST_MOMENTS)
        moments.append(now)
        self._moments[key] = moments
        if len(self._moments) > _MOST_KEYS:
            del self._moments[next(iter(self._moments))]


def address_of(request: web.Request) -> str:
    """Whoever asks, as far as tries are counted: of IPv6 the network, which one customer has to themselves.

    The last word of X-Forwarded-For counts when a machine of our own network hands the request on: that is the proxy
    before us, and nobody else can have written it.
    """
    peer = request.remote or ""
    try:
        near = ip_address(peer)
        if near.is_loopback or near.is_private:
            near = ip_address(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or peer)
    except ValueError:
        return peer
    if isinstance(near, IPv6Address):
        return str(near.ipv4_mapped or (int(near) >> 64))
    return str(near)
