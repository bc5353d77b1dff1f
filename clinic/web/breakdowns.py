"""Which failures are no fault of the program: a database, a disk or a cache that is away or full. Their page is a 503 that says so."""

import errno
import sys
from collections.abc import Iterator
from enum import Enum
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError

MOST_CAUSES: Final = 6
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})
WAIT_FOR_IT: Final = ("locked", "deadlock", "lock timeout", "could not serialize")
NO_ROOM_IN_IT: Final = ("is full", "no space", "readonly")


class Breakdown(Enum):
    """What is away."""

    DATABASE = "database"
    BUSY = "busy"  # the database is there, but somebody else was writing for too long
    ROOM = "room"  # what was sent could not be written down
    CACHE = "cache"


RETRY_AFTER: Final = {Breakdown.DATABASE: 30, Breakdown.BUSY: 5, Breakdown.ROOM: 120, Breakdown.CACHE: 30}  # seconds


def breakdown_behind(wrong: BaseException | None) -> Breakdown | None:
    """The breakdown that a failure comes from; ``None`` where it is a fault of ours."""
    return next(filter(None, map(_breakdown, _causes(wrong))), None)


def _causes(wrong: BaseException | None) -> Iterator[BaseException]:
    for _ in range(MOST_CAUSES):
        if wrong is None:
            return
        yield wrong
        wrong = wrong.__cause__ or (None if wrong.__suppress_context__ else wrong.__context__)


def _breakdown(wrong: BaseException) -> Breakdown | None:
    # A bare DatabaseError is what SQLite says of a file that is damaged; its other kinds are faults of a query.
    if isinstance(wrong, OperationalError | InterfaceError) or type(wrong) is DatabaseError:
        said = str(wrong).lower()
        if any(words in said for words in NO_ROOM_IN_IT):
            return Breakdown.ROOM
        return Breakdown.BUSY if any(words in said for words in WAIT_FOR_IT) else Breakdown.DATABASE
    if isinstance(wrong, OSError) and wrong.errno in NO_ROOM:
        return Breakdown.ROOM
    return Breakdown.CACHE if _is_of_redis(wrong) else None


def _is_of_redis(wrong: BaseException) -> bool:
    """Without loading the package for it (docs/adr/0027): where nobody has loaded it, nothing of it can have failed."""
    errors = sys.modules.get("redis.exceptions")
    return errors is not None and isinstance(wrong, errors.RedisError)
