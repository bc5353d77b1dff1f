"""Seven ways to forge the chain of signatures, two hundred times each: every one is found (F30), by whoever has all of the database."""

import copy
import hashlib
import json
import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

from clinic.signing.heads import Head, append_heads, heads_file, read_heads
from clinic.signing.keys import SigningKey, keyring
from clinic.signing.models import GENESIS, ChainHead, Meaning, Signature
from clinic.signing.queries import is_sound
from clinic.signing.statements import PLAIN, fault_of, seal, sha256, statement_of
from clinic.signing.verifying import first_break, verify_all
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from tests.clinic.signing.making import a_chain, a_content
from tests.factories import a_clinic, an_actor
from tests.fixtures import without_triggers

TIMES = 200
LENGTH = 40
Rows = list[Signature]
SIGNED_OR_DERIVED = {"clinic", "signer", "signed_at", "content", "statement", "digest", "signature", *PLAIN}


@pytest.fixture
def chain(doctor: Actor, settings: Any, tmp_path: Any) -> Rows:
    """A chain that holds, and a head that was kept of it."""
    settings.SIGNING_HEADS = tmp_path
    a_chain(doctor, LENGTH)
    append_heads()
    return list(Signature.objects.order_by("sequence"))


def kept_heads() -> list[Head]:
    return read_heads(heads_file().read_text().splitlines(), keyring())


# What somebody may do who can write to every table, and knows everything but the key.
def edit(rows: Rows, chance: random.Random) -> None:
    row, name = chance.choice(rows), chance.choice(sorted(SIGNED_OR_DERIVED - {"clinic", "signer"}))
    changed(row, name, chance)


def changed(row: Signature, name: str, chance: random.Random) -> None:
    value = getattr(row, name)
    if isinstance(value, int):
        setattr(row, name, value + chance.choice((-1, 1)))
    elif isinstance(value, str) and value:
        place = chance.randrange(len(value))
        setattr(row, name, value[:place] + chance.choice([sign for sign in "ab01" if sign != value[place]]) + value[place + 1 :])
    elif isinstance(value, str):
        setattr(row, name, "x")
    elif value is None:
        setattr(row, name, {"x": 1})
    else:
        setattr(row, name, value.replace(microsecond=(value.microsecond + 1) % 1_000_000))


def edit_and_rehash(rows: Rows, chance: random.Random) -> None:
    """Changes the document, and makes every digest of the chain fit again; only the key is missing."""
    place = chance.randrange(len(rows))
    rows[place].content = rows[place].content.replace('"count":10', '"count":99')
    rows[place].content_digest = sha256(rows[place].content)
    rehash(rows, place, chance)


def rehash(rows: Rows, place: int, chance: random.Random) -> None:
    own = SigningKey(rows[place].key_id, Ed25519PrivateKey.generate())
    for number, row in enumerate(rows[place:], place):
        row.previous_digest = rows[number - 1].digest if number else GENESIS
        if chance.random() < 0.5:
            seal(row, own)  # signed by a key of the forger that takes the name of ours
        else:
            row.statement = statement_of(row)
            row.digest = sha256(row.statement)


def delete(rows: Rows, chance: random.Random) -> None:
    """One entry from the middle; half of the time the others move up."""
    place = chance.randrange(len(rows) - 1)
    del rows[place]
    if chance.random() < 0.5:
        renumber(rows)


def swap(rows: Rows, chance: random.Random) -> None:
    one, two = chance.sample(range(len(rows)), 2)
    rows[one], rows[two] = rows[two], rows[one]
    renumber(rows)


def insert(rows: Rows, chance: random.Random) -> None:
    """An entry of the forger's own making, or a second copy of a real one."""
    place = chance.randrange(len(rows))
    made = copy.copy(rows[place])
    if chance.random() < 0.5:
        made.subject, made.nonce = "courses.course:666", f"{chance.getrandbits(128):032x}"
        seal(made, SigningKey(made.key_id, Ed25519PrivateKey.generate()))
    rows.insert(chance.randrange(len(rows) + 1), made)
    renumber(rows)


def cut_tail(rows: Rows, chance: random.Random) -> None:
    del rows[chance.randrange(len(rows)) :]


def copy_signature(rows: Rows, chance: random.Random) -> None:
    """The doctor's word on one document is put under another one."""
    source, target = chance.sample(rows, 2)
    for name in chance.choice((("signature",), ("statement", "signature", "digest"), ("content", "content_digest"), ("subject",))):
        setattr(target, name, getattr(source, name))


def renumber(rows: Rows) -> None:
    for number, row in enumerate(rows, 1):
        row.sequence = number


ATTACKS: dict[str, Callable[[Rows, random.Random], None]] = {
    attack.__name__: attack for attack in (edit, edit_and_rehash, delete, swap, insert, cut_tail, copy_signature)
}


@pytest.mark.same_everywhere  # rows in memory; the same attacks are made on each database by SQL below
@pytest.mark.parametrize("name", ATTACKS)
def test_every_one_of_two_hundred_attacks_is_found(chain: Rows, name: str) -> None:
    ring, heads, chance = keyring(), kept_heads(), random.Random(name)  # noqa: S311  # which attacks, not a secret
    assert first_break(chain, ring, heads)[0] is None
    unseen = []
    for number in range(TIMES):
        rows = [copy.copy(row) for row in chain]
        ATTACKS[name](rows, chance)
        broken, _sequence, _digest = first_break(rows, ring, heads)
        if broken is None or not broken.sentence:
            unseen.append(number)
    assert unseen == []


def test_a_cut_tail_is_seen_only_by_a_head_that_was_kept(chain: Rows) -> None:
    assert first_break(chain[:-3], keyring())[0] is None
    broken, last, _digest = first_break(chain[:-3], keyring(), kept_heads())
    assert broken is not None
    assert last == LENGTH - 3
    assert f"after {LENGTH - 3} were cut off" in broken.sentence


def test_a_chain_written_anew_with_the_key_itself_is_seen_by_a_head_that_was_kept(chain: Rows, doctor: Actor) -> None:
    from clinic.signing.keys import signing_key

    rows, digest = [copy.copy(row) for row in chain], GENESIS
    rows[4].note = "added by somebody with the key"
    for row in rows:
        row.previous_digest = digest
        seal(row, signing_key())
        digest = row.digest
    assert first_break(rows, keyring())[0] is None
    broken, _last, _digest = first_break(rows, keyring(), kept_heads())
    assert broken is not None
    assert "written anew" in broken.sentence


def test_each_column_of_an_entry_is_signed_or_follows_from_what_is(chain: Rows) -> None:
    assert {field.name for field in Signature._meta.local_fields} - {"id"} == SIGNED_OR_DERIVED


@pytest.mark.same_everywhere  # as above
def test_another_value_in_any_column_is_found(chain: Rows) -> None:
    assert fault_of(chain[3], keyring()) == ""
    for name in sorted(SIGNED_OR_DERIVED):
        row = copy.copy(chain[3])
        if name in {"clinic", "signer"}:
            setattr(row, f"{name}_id", getattr(row, f"{name}_id") + 1)
        else:
            changed(row, name, random.Random(1))  # noqa: S311  # which letter, not a secret
        assert fault_of(row, keyring()) != "", name
        assert not is_sound(row), name
    assert fault_of(chain[3], keyring()) == ""


@pytest.mark.same_everywhere  # as above
def test_another_value_in_any_field_of_the_document_is_found(chain: Rows) -> None:
    for name in ("kind", "subject", "version", "body", "sections", "shown_sha256", "schema"):
        row = copy.copy(chain[0])
        held = json.loads(row.content)
        held[name] = "another"
        row.content = json.dumps(held, separators=(",", ":"), sort_keys=True)
        assert "document" in fault_of(row, keyring()), name
        row.content_digest = sha256(row.content)
        assert "columns" in fault_of(row, keyring()), name


# The same by SQL, as somebody with the keys of the database but not ours would do it.
def last_head_says(rows: Iterable[Signature]) -> None:
    last = max(rows, key=lambda row: row.sequence)
    ChainHead.objects.update(sequence=last.sequence, digest=last.digest)


def entry(sequence: int) -> QuerySet[Signature]:
    return Signature.objects.filter(sequence=sequence)


def sql_edit() -> None:
    entry(3).update(printed_name="Dr. Nobody")


def sql_edit_and_rehash() -> None:
    rows = list(Signature.objects.order_by("sequence"))
    edit_and_rehash(rows, random.Random(3))  # noqa: S311  # which entry, not a secret
    for row in rows:
        row.save()
    last_head_says(rows)


def sql_delete() -> None:
    entry(5).delete()


def sql_swap() -> None:
    for old, new in ((5, 900), (6, 5), (900, 6)):
        entry(old).update(sequence=new)


def sql_insert() -> None:
    made = entry(LENGTH).get()
    made.pk, made.sequence, made.previous_digest, made.nonce = None, LENGTH + 1, made.digest, "f" * 32
    made.subject = "courses.course:666"
    seal(made, SigningKey(made.key_id, Ed25519PrivateKey.generate()))
    made.save()
    last_head_says([made])


def sql_cut_tail() -> None:
    Signature.objects.filter(sequence__gt=LENGTH - 2).delete()
    last_head_says(Signature.objects.all())


def sql_cut_tail_and_head() -> None:
    Signature.objects.all().delete()
    ChainHead.objects.all().delete()


def sql_forget_the_head() -> None:
    ChainHead.objects.all().delete()


def sql_another_head() -> None:
    ChainHead.objects.update(digest="0" * 64)


def sql_copy_signature() -> None:
    entry(2).update(subject=entry(9).get().subject)


def sql_number_twice() -> None:
    """The head is set back, so that the next entry would take a number again."""
    ChainHead.objects.update(sequence=LENGTH - 1, digest=entry(LENGTH - 1).get().digest)


BY_SQL: dict[str, tuple[Callable[[], None], str]] = {
    "edit": (sql_edit, "broken at entry 3"),
    "edit and re-hash": (sql_edit_and_rehash, "broken at entry"),
    "delete": (sql_delete, "entry 5 is missing"),
    "swap": (sql_swap, "broken at entry 5"),
    "insert": (sql_insert, f"broken at entry {LENGTH + 1}"),
    "cut tail": (sql_cut_tail, f"after {LENGTH - 2} were cut off"),
    "cut everything": (sql_cut_tail_and_head, "after 0 were cut off"),
    "forget the head": (sql_forget_the_head, "where the head of the chain says it ends"),
    "another head": (sql_another_head, "the head of the chain was changed"),
    "set the head back": (sql_number_twice, f"entries after {LENGTH - 1}"),
    "copy a signature": (sql_copy_signature, "broken at entry 2"),
}


@pytest.mark.parametrize("name", BY_SQL)
def test_the_same_attack_by_sql_is_found_and_named_by_the_command(chain: Rows, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify", "signoff")
    assert f"All signatures hold: {LENGTH} entries." in capsys.readouterr().out
    attack, sentence = BY_SQL[name]
    with without_triggers(connection):
        attack()
    with pytest.raises(SystemExit) as end:
        call_command("verify", "signoff")
    assert end.value.code == 1
    assert sentence in capsys.readouterr().out


def test_an_entry_of_another_clinic_fits_nowhere_else(chain: Rows) -> None:
    elsewhere = an_actor(clinic=a_clinic(), roles=(Role.DOCTOR,))
    a_chain(elsewhere, 1)
    with without_triggers(connection):
        Signature.objects.filter(clinic=elsewhere.clinic).delete()
        Signature.objects.filter(sequence=1).update(clinic=elsewhere.clinic)
    assert len([each for each in verify_all(keyring(), kept_heads()) if each.broken]) == 2


def test_an_entry_of_a_key_that_is_not_trusted_is_named(chain: Rows) -> None:
    stranger = Ed25519PrivateKey.generate()
    key = SigningKey(hashlib.sha256(stranger.public_key().public_bytes_raw()).hexdigest()[:16], stranger)
    row = copy.copy(chain[0])
    seal(row, key)
    broken, _sequence, _digest = first_break([row], keyring())
    assert broken is not None
    assert f"a key that is not trusted here ({key.key_id})" in broken.sentence


def test_a_revocation_that_is_taken_away_is_missed(chain: Rows, doctor: Actor) -> None:
    from tests.clinic.signing.making import signed

    signed(doctor, a_content(1), meaning=Meaning.REVOKED)
    append_heads()
    with without_triggers(connection):
        Signature.objects.filter(meaning=Meaning.REVOKED).delete()
        last_head_says(Signature.objects.all())
    assert [bool(each.broken) for each in verify_all(keyring(), kept_heads())] == [True]
