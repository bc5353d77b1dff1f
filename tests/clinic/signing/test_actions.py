"""A doctor's word is given once, by a doctor, over what the doctor saw."""


from clinic.signing.models import Signature
from clinic.signing.queries import is_sound, latest, sections_of, signatures_of
from clinic.staff.permissions import Actor
from tests.clinic.signing.making import a_content, signed


def test_a_signature_is_sound_and_keeps_what_was_shown(doctor: Actor) -> None:
    content = a_content()
    made = Signature.objects.get(pk=signed(doctor, content).pk)
    assert is_sound(made)
    assert sections_of(made) == content.sections
    assert (made.printed_name, made.role, made.subject_version) == (doctor.user.full_name, "doctor", 1)
    assert latest(content.subject) == made
    assert list(signatures_of(content.subject)) == [made]
