"""``manage.py verify backup``: a backup is taken while others write, comes back whole, and no kill at any moment spoils what was there.

It works in a database of its own, made for the proof and dropped after it, on the server that the settings name.
"""

import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

from django.conf import settings

from clinic.keeping.backups.crypt import new_identity, recipients
from clinic.keeping.backups.databases import SqliteDatabase, environment_for, our_database
from clinic.keeping.backups.drilling import digest_of
from clinic.keeping.backups.naming import backups_in
from clinic.keeping.backups.proving.filling import a_filled_ward
from clinic.keeping.backups.proving.scenes import Scene, a_scene, damage_in, looks_finished, name_of, rows_that_stay, standing_in
from clinic.keeping.backups.proving.victims import Victims
from clinic.keeping.backups.proving.writing import Writer, fault_of_a_prefix
from clinic.keeping.backups.restoring import Orders, restore
from clinic.keeping.backups.retention import Keep
from clinic.keeping.backups.sentences import megabytes
from clinic.keeping.backups.taking import Taken, Wish, take_backup
from clinic.keeping.backups.trouble import BackupTrouble
from clinic.schedule.contest import Ward
from clinic.schedule.proving_race import own_database
from clinic.signing.keys import signing_key

HELP = "a backup under write load comes back whole; kill -9 during backup, restore and migration leaves the old state usable"
# Each migration that is killed costs as much as all the rest: only the full size has them.
REDUCED: Final[Mapping[str, Any]] = {"rows": 3000, "kills": 3, "migrations": 0, "seed": 1}
FASTEST: Final = 5.0  # seconds for 300,000 rows
BEFORE: Final = ["staff", "0007"]  # from where migrations are made again, and killed

Write = Callable[[str], object]


@dataclass
class Proof:
    """What the parts of the proof share."""

    scene: Scene
    ward: Ward
    folder: Path
    identity: Path
    key: str
    kills: int
    migrations: int
    write: Write

    def wish(self) -> Wish:
        return Wish(self.folder, self.scene.ours, self.scene.work / "media", self.scene.work, recipients([self.key]), Keep(99, 99, 99))

    def restoring(self, file: Path, into: str) -> dict[str, Any]:
        """The order to a victim."""
        media, keys = self.scene.work / "no-media", settings.SIGNING_KEYS
        return {"deed": "restore", "file": file, "identity": self.identity, "into": into, "media": media, "keys": keys}

    def orders(self, file: Path, into: str, *, verify: bool) -> Orders:
        return Orders(file, self.identity, self.scene.place(into), Path(settings.SIGNING_KEYS), verify=verify)


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``verify backup``."""
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--kills", type=int, default=20, help="kill -9 of backups, and as many of restores")
    parser.add_argument("--migrations", type=int, default=20, help="kill -9 of migrations")
    parser.add_argument("--seed", type=int, default=1)


def run(options: Mapping[str, Any], write: Write) -> bool:
    """Proves, writes the figures, and says whether all of it held."""
    if settings.IN_PRODUCTION:
        write("This proof puts load on the database server. Run it where nobody works.")
        return False
    with own_database():
        return proved(options, write)


def proved(options: Mapping[str, Any], write: Write) -> bool:
    """All parts, in the database that is there."""
    signing_key()  # processes of the proof must not each make one
    with tempfile.TemporaryDirectory() as name, a_scene(Path(name), our_database()) as scene:
        secret, public = new_identity()
        identity, folder = scene.work / "identity", scene.work / "backups"
        identity.write_text(f"{secret}\n", encoding="ascii")
        try:
            began = monotonic()
            ward = a_filled_ward(options["rows"])
            write(f"{scene.ours.kind}, {options['rows']} rows made in {monotonic() - began:.0f} s.")
            proof = Proof(scene, ward, folder, identity, public, options["kills"], options["migrations"], write)
            holds = all([comes_back(proof, is_timed=options["rows"] >= 300_000), outlives_kills(proof, options["seed"])])
        except BackupTrouble as wrong:
            write(f"{wrong}")
            holds = False
    write("All of it holds." if holds else "It does NOT hold.")
    return holds


# Under write load -----------------------------------------------------------------------------------------------------------
def comes_back(proof: Proof, *, is_timed: bool) -> bool:
    """A backup while somebody writes, restored and looked through: one moment of what was committed."""
    with Writer(proof.ward) as writer:
        writer.wait_for(3)
        least, began, before = writer.done, monotonic(), os.times()
        taken = take_backup(proof.wish())
        seconds, most, after = monotonic() - began, writer.done, os.times()
        writer.wait_for(1)
    if writer.wrong:
        proof.write(f"The writer was stopped: {writer.wrong[0]}.")
    rows = sum(taken.manifest.standing.rows.values())
    wrote = f"while {most - least} patients and bookings were written"
    proof.write(f"Backup of {rows} rows, {megabytes(_size(taken))}: {seconds:.2f} s {wrote}; {megabytes(taken.file.size)} encrypted.")
    ours, theirs = (after.user + after.system) - (before.user + before.system), _of_children(after) - _of_children(before)
    proof.write(
        f"  of a processor {ours:.2f} s here, the writer with it, and {theirs:.2f} s by the programs it ran; the server's not counted"
    )
    fast = seconds < FASTEST or not is_timed
    if not fast:
        proof.write(f"  That is more than {FASTEST:.0f} s.")
    return _restored_whole(proof, taken, least, most) and fast and not writer.wrong


def _of_children(times: os.times_result) -> float:
    return times.children_user + times.children_system


def _size(taken: Taken) -> int:
    return sum(part.bytes for part in taken.manifest.parts.values())


def _restored_whole(proof: Proof, taken: Taken, least: int, most: int) -> bool:
    into, began = proof.scene.empty_place("loaded"), monotonic()
    restore(proof.orders(taken.file.path, into, verify=True))
    seconds = monotonic() - began
    with proof.scene.database_in(into).asking() as ask:
        fault = fault_of_a_prefix(ask, proof.ward, least, most)
    speed = _size(taken) / seconds / 1e6
    proof.write(f"Restored and looked through in {seconds:.1f} s ({speed:.1f} MB/s): {fault or 'one moment of what was committed'}.")
    return not fault


# Kills ----------------------------------------------------------------------------------------------------------------------
def outlives_kills(proof: Proof, seed: int) -> bool:
    """``kill -9`` of processes that back up, restore and migrate: afterwards all that was there is as it was."""
    env = environment_for(proof.scene.ours, proof.scene.work) | {"SIGNING_KEYS": str(settings.SIGNING_KEYS), "BACKUP_KEEP": "99,99,99"}
    if isinstance(proof.scene.ours, SqliteDatabase):
        (proof.scene.work / "media").mkdir(exist_ok=True)
    before = standing_in(proof.scene.ours)
    with Victims(env, seed) as victims:
        parts = [killed_backups(proof, victims), killed_restores(proof, victims)]
        parts += [killed_migrations(proof, victims)] if proof.migrations else []
    same = not before.differences(standing_in(proof.scene.ours)) and not damage_in(proof.scene.ours)
    proof.write(f"The database that was backed up is {'as it was' if same else 'NOT as it was'}.")
    return all(parts) and same


def killed_backups(proof: Proof, victims: Victims) -> bool:
    """There is always a backup, whatever has the name of one opens to its end, and the next one succeeds and clears up."""
    order = {"deed": "backup", "folder": proof.folder, "key": proof.key}
    seconds, met, spoilt = victims.do(**order), 0, 0
    good: dict[str, bool] = {}
    for _number in range(proof.kills):
        met += victims.killed(1.1 * seconds, **order)
        sums = [(digest_of(each.path), each.path) for each in backups_in(proof.folder)]
        good |= {digest: _opens(proof, path) for digest, path in sums if digest not in good}
        spoilt += not sums or not all(good[digest] for digest, _path in sums)
    victims.do(**order)
    left = [path.name for path in proof.folder.iterdir() if path.name.startswith(".")]
    said = f"; left lying: {left}" if left else ""
    proof.write(
        f"Backup killed {met} of {proof.kills} times within {seconds:.2f} s: old state usable {proof.kills - spoilt}/{proof.kills}{said}."
    )
    return not spoilt and not left


def _opens(proof: Proof, file: Path) -> bool:
    try:
        restore(proof.orders(file, proof.scene.empty_place("opened"), verify=False))
    except BackupTrouble:
        return False
    return True


def killed_restores(proof: Proof, victims: Victims) -> bool:
    """What was not restored to its end never looks finished, and the same place serves for the next attempt."""
    file, scene = backups_in(proof.folder)[0].path, proof.scene
    digest, into = digest_of(file), scene.empty_place("killed")
    seconds, met, spoilt = victims.do(**proof.restoring(file, into)), 0, 0
    whole = standing_in(scene.database_in(into))
    for _number in range(proof.kills):
        into = scene.empty_place("killed")
        met += victims.killed(1.1 * seconds, **proof.restoring(file, into))
        half = looks_finished(scene, into) and bool(whole.differences(standing_in(scene.database_in(into))))
        spoilt += half or digest_of(file) != digest
    if not looks_finished(scene, into):
        victims.do(**proof.restoring(file, into))
    again = not whole.differences(standing_in(scene.database_in(into)))
    said = "" if again else "; the next attempt did not succeed"
    proof.write(
        f"Restore killed {met} of {proof.kills} times within {seconds:.2f} s: nothing half {proof.kills - spoilt}/{proof.kills}{said}."
    )
    return not spoilt and again


def killed_migrations(proof: Proof, victims: Victims) -> bool:
    """Every row is still there, and what was broken off is made to its end by the next attempt."""
    scene, file = proof.scene, backups_in(proof.folder)[0].path
    into = scene.empty_place("old")
    victims.do(**proof.restoring(file, into))
    old = scene.database_in(into)
    newest = standing_in(old).migrations
    seconds = victims.do(deed="migrate", name=name_of(old), to=BEFORE) / 2  # the way back takes longer than the way there
    rows, kills, met, spoilt = rows_that_stay(standing_in(old)), proof.migrations, 0, 0
    if kills > 1:
        seconds = victims.do(deed="migrate", name=name_of(scene.copy_of(old, "copy")), to=[])
    for _number in range(kills):
        copy = scene.copy_of(old, "copy")
        order = {"deed": "migrate", "name": name_of(copy), "to": []}
        met += victims.killed(seconds, **order)
        half = bool(damage_in(copy)) or rows_that_stay(standing_in(copy)) != rows
        victims.do(**order)
        found = standing_in(copy)
        spoilt += half or found.migrations != newest or rows_that_stay(found) != rows
    proof.write(f"Migration killed {met} of {kills} times within {seconds:.2f} s: all rows there {kills - spoilt}/{kills}.")
    return not spoilt
