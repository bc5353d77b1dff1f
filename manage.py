#!/usr/bin/env python3
"""The one entry: `demo` and `test` need nothing but Python, every other command is Django's.

This file is parsed by whatever Python is there, so it keeps to a syntax that old ones read.
"""

import sys

OLDEST = (3, 11)


def main() -> None:
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit("Tactus needs Python 3.11 or newer; this is Python " + found + ". Start it with a newer one: python3.11 manage.py ...")
    from clinic.bootstrap.entry import run

    sys.exit(run(sys.argv))


if __name__ == "__main__":
    main()
