"""What the hand found, as the page sends it: one answer for each place, and the reason for what is new."""

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.courses.states import OverrideReason
from clinic.courses.studio.acts import SIDE_RULE, Act
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.forms.acting import SHORTEST_WORDS, BadAct, Sent
from clinic.web.typed import check_lines_can_be_seen
from protocols.method.edits import FELT, Edits, Override, Palpated
from protocols.method.palpation import override_key, palpable

FIELD = "felt-"  # a field of the form is this and the place, ``felt-scapula:left``
REASON = "palpation_reason"
WORDS = "palpation_words"


def palpation_act(data: QueryDict, desk: Desk) -> Act:
    """The act that was sent: everything that the hand found, each finding with its reason. Raises ``BadAct`` for anything else.

    A place that the form does not name keeps what was found there; what was found before keeps its own reason.
    """
    sent = Sent(data, desk)
    setting = desk.setting
    places = [each.place for each in palpable(setting.library, setting.condition, setting.stage, setting.inputs)]
    standing = {each.place: each for each in desk.edits.palpated}
    for place in places:
        felt = sent.text(f"{FIELD}{place.zone}:{place.side}") if f"{FIELD}{place.zone}:{place.side}" in data else None
        if felt in FELT:
            standing[place] = Palpated(place, felt)  # type: ignore[arg-type]  # one of its words
        elif felt is not None:
            standing.pop(place, None)
    found = tuple(standing.values())
    if set(found) == set(desk.edits.palpated):
        raise BadAct(_("Mark a place as tense or flaccid, or take a mark back."))
    return _act(sent, found)


def _act(sent: Sent, found: tuple[Palpated, ...]) -> Act:
    desk = sent.desk
    kept = {each.step: each for each in desk.edits.overrides if each.code == SIDE_RULE}
    known = {each for each in desk.edits.palpated if override_key(each.place) in kept}
    reason = _reason(sent) if any(each not in known for each in found) else None
    overrides = (kept[override_key(each.place)] if each in known else _override(each, reason) for each in found)
    # The finding holds for every session to come, whichever is looked at.
    session = min(max(sent.session, desk.first_to_come), desk.wanted.count)
    return Act("palpated", session=session, first=desk.first_to_come, edits=Edits(palpated=found, overrides=tuple(overrides)))


def _override(felt: Palpated, reason: tuple[str, str] | None) -> Override:
    if reason is None:
        raise ValueError(f"no reason for {felt}")
    return Override(SIDE_RULE, override_key(felt.place), *reason)


def _reason(sent: Sent) -> tuple[str, str]:
    """The coded reason and the words to it. Raises ``BadAct`` where one is missing."""
    words, reason = sent.text(WORDS).strip(), sent.text(REASON)
    if reason not in OverrideReason.values:
        raise BadAct(_("Choose a reason."))
    if len(words) < SHORTEST_WORDS:
        raise BadAct(_("Write in a few words what the hand found."))
    try:
        check_lines_can_be_seen(words)
    except ValidationError as unseen:
        raise BadAct(str(unseen.message)) from unseen
    return reason, words
