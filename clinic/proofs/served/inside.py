"""The process of ``verify web``: ``python -m clinic.proofs.served.inside OPTIONS`` as production; exit 0 when all holds."""

import json
import sys
from contextlib import nullcontext

import django


def main(asked: str) -> bool:
    """Every part, in the database that is made here."""
    django.setup()
    from clinic.proofs.served import FEW, answers, guesses
    from clinic.proofs.served.scene import a_scene, cheap_hashes, empty_database

    options = json.loads(asked)
    with empty_database(), cheap_hashes() if options["tries"] < FEW else nullcontext():
        scene = a_scene()
        holds = [
            answers.proved(scene, options["every"], say),
            guesses.proved_lock_out(scene, options["guesses"], say),
            guesses.proved_timing(scene, options["tries"], say),
            guesses.proved_links(scene, options["links"], options["every"], say),
        ]
    say("All of it holds." if all(holds) else "It does NOT hold.")
    return all(holds)


def say(line: str) -> None:
    """One line to whoever started this."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1]) else 1)
