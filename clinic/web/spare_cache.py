"""A cache in Redis with a spare one in the database: attempts to sign in go on being counted, for everybody alike, when Redis is away.

Neither of the two other ways would do. Without a count whoever guesses passwords only has to wait for Redis to fail; and a sign-in that is
refused as long as Redis is away keeps a whole clinic from its records for the sake of a counter.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

SPARE: Final = "spare"
LEFT_ALONE: Final = 5.0  # seconds after a failure, so that not every request waits for a server that is gone

logger = logging.getLogger(__name__)


class _Silence:
    """Until when Redis is not asked, for all threads of this process."""

    until = 0.0


def _with_spare(name: str) -> Callable[..., Any]:
    def asked(cache: RedisCache, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _Silence.until:
            try:
                return getattr(RedisCache, name)(cache, *args, **kwargs)
            except RedisError as gone:
                _Silence.until = time.monotonic() + LEFT_ALONE
                logger.warning("the cache is away (%s); the table of the database serves", type(gone).__name__)
        return getattr(caches[SPARE], name)(*args, **kwargs)

    return asked


class SparedRedisCache(RedisCache):
    """Each question goes to Redis, and where that fails to the spare cache."""

    add = _with_spare("add")
    get = _with_spare("get")
    set = _with_spare("set")
    touch = _with_spare("touch")
    delete = _with_spare("delete")
    get_many = _with_spare("get_many")
    set_many = _with_spare("set_many")
    delete_many = _with_spare("delete_many")
    has_key = _with_spare("has_key")
    incr = _with_spare("incr")
    clear = _with_spare("clear")
