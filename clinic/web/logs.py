"""Log lines without secrets: the address of a link that lets somebody in must not be read from a file."""

import logging
import re
from typing import Final

# A long run of letters and digits in an address: the token of a link. A long code of the library goes too, which no log needs.
SECRET: Final = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=/|$|\s|\?|\.ics)")


class WithoutTokens(logging.Filter):
    """Takes the tokens of links out of what a line says about an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = SECRET.sub("…", record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(SECRET.sub("…", arg) if isinstance(arg, str) else arg for arg in record.args)
        return True
