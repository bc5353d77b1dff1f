"""Which column of a file is which field of a patient: found by the common names of headings, corrected by a person. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clinic.web.folding import folded

# Fields of a patient, and two ways to write a name in one cell.
FIELDS: Final[Mapping[str, Promise | str]] = {
    "family_name": _("Family name"),
    "given_name": _("Given name"),
    "middle_name": _("Middle name or patronymic"),
    "family_first": _("Whole name, family name first"),
    "given_first": _("Whole name, given name first"),
    "born_on": _("Date of birth"),
    "sex": _("Sex"),
    "card_number": _("Card number"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "language": _("Language"),
    "guardian_name": _("Parent or guardian"),
    "guardian_phone": _("Telephone of the parent or guardian"),
    "notes": _("Notes"),
}
WHOLE_NAMES: Final = ("family_first", "given_first")
LEFT_OUT: Final = ""
LEFT_OUT_WORDS: Final = pgettext_lazy("a column of a file", "Left out")

# Common names of headings, folded, without blanks and signs. The first field that knows a heading has it.
KNOWN: Final[Mapping[str, str]] = {
    "family_name": "familyname surname lastname last secondname nachname familienname name2 фамилия фам фамилияпациента",
    "given_name": "givenname firstname first forename christianname vorname имя имяпациента",
    "middle_name": "middlename middle patronymic middlenameorpatronymic отчество отч",
    "family_first": "фио фиопациента пациент фамилияимяотчество namevorname lastnamefirstname surnamename",
    "given_first": "fullname name patient patientname vornamename firstnamelastname имяфамилия",
    "born_on": "dateofbirth birthdate birthday born dob bornon geburtsdatum geboren geb датарождения др рождения деньрождения датарожд",
    "sex": "sex gender geschlecht пол",
    "card_number": "cardnumber card cardno patientnumber patientid patientno chartnumber recordnumber mrn number no id kartennummer "
    "patientennummer noкарты номеркарты карта карточка noамбулаторнойкарты номерамбулаторнойкарты медкарта номер",
    "phone": "phone telephone tel mobile mobilephone cell cellphone phonenumber telefon handy телефон мобильный мобильныйтелефон тел "
    "контактныйтелефон номертелефона",
    "email": "email mail emailaddress epost электроннаяпочта почта эл элпочта имейл емейл",
    "language": "language sprache язык preferredlanguage",
    "guardian_name": "guardian parent parentorguardian guardianname parentname nextofkin carer sorgeberechtigter родитель "
    "родительилиопекун законныйпредставитель представитель опекун фиородителя",
    "guardian_phone": "guardianphone parentphone telephoneoftheparentorguardian telefondessorgeberechtigten телефонродителя "
    "телефонродителяилиопекуна телефонпредставителя телефонопекуна",
    "notes": "notes note comment comments remark remarks bemerkung notiz примечание примечания комментарий заметки",
}
_SIGNS: Final = re.compile(r"[\W_]+")
_BY_NAME: Final[Mapping[str, str]] = {word: field for field, words in reversed(tuple(KNOWN.items())) for word in words.split()}


def plain(heading: str) -> str:
    """A heading as the table of names knows it: small letters, no accents, no blanks, no signs."""
    return _SIGNS.sub("", folded(heading).casefold())  # once more: "№" has become "No"


def match_columns(headings: Sequence[str]) -> tuple[str, ...]:
    """The field of each column, ``LEFT_OUT`` where none is known. A field has one column: the first that names it."""
    found: list[str] = []
    for heading in headings:
        field = _BY_NAME.get(plain(heading), LEFT_OUT)
        found.append(LEFT_OUT if field in found else field)
    has_parts = {"family_name", "given_name"} <= set(found)
    return tuple(LEFT_OUT if has_parts and field in WHOLE_NAMES else field for field in _with_plain_name(found))


def _with_plain_name(found: Sequence[str]) -> list[str]:
    """Beside a column of given names, one that is only called "name" holds the family names."""
    if "given_name" in found and "family_name" not in found and "given_first" in found:
        return ["family_name" if field == "given_first" else field for field in found]
    return list(found)


def told_apart(headings: Sequence[str]) -> tuple[str, ...]:
    """What each column is called on a page: its heading, with its place where another has the same one or where it has none."""
    many = Counter(map(plain, headings))
    return tuple(_called(heading, place, is_alone=many[plain(heading)] == 1) for place, heading in enumerate(headings, 1))


def _called(heading: str, place: int, *, is_alone: bool) -> str:
    if not heading:
        return gettext("Column %(number)s") % {"number": place}
    return heading if is_alone else gettext("%(heading)s (column %(number)s)") % {"heading": heading, "number": place}


def half_read(headings: Sequence[str], fields: Sequence[str]) -> tuple[str, ...]:
    """The headings, each once, of which one column is read and another left out: nobody but a person knows which is the right one."""
    read = {plain(heading) for heading, field in zip(headings, fields, strict=True) if field != LEFT_OUT}
    left = {plain(heading): heading for heading, field in zip(headings, fields, strict=True) if field == LEFT_OUT and heading}
    return tuple(heading for bare, heading in left.items() if bare in read)


def missing_columns(fields: Sequence[str]) -> tuple[str, ...]:
    """What a register cannot do without and no column has: fields by code; for the name ``family_name`` and ``given_name``."""
    has = set(fields)
    named = () if has & set(WHOLE_NAMES) else tuple(each for each in ("family_name", "given_name") if each not in has)
    return (*named, *(each for each in ("born_on", "sex") if each not in has))
