"""Observation: what was measured and felt. Codes of LOINC only where a published page says that they mean this very thing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from clinic.courses.models import BodyChart, MeasureValue, SessionRecord
from clinic.courses.states import MarkKind, Reading, Warmth
from clinic.exchange.fhir.frame import LOINC, TERMINOLOGY, UCUM, Fields, Frame, concept, note, number
from clinic.exchange.fhir.stories import CourseStory

# Pain 0-10: the value set of the HL7 Belgium guide "patient monitoring" names it (build.fhir.org/ig/hl7-be/patient-monitoring,
# ValueSet-pain-scale). The vital signs: the table of LOINC codes and units at confluence.ihtsdotools.org, page 61149147, copied there
# from build.fhir.org/observation-vitalsigns.html. docs/exchange.md says where each was read.
PAIN: Final = "72514-3"
LOINC_OF: Final[Mapping[str, str]] = {
    "pain-nrs": PAIN,
    "blood-pressure": "8480-6",
    "pulse": "8867-4",
    "oxygen-saturation": "59408-5",
    "respiratory-rate": "9279-1",
    "temperature": "8310-5",
    "body-weight": "29463-7",
}
LOINC_OF_READING: Final[Mapping[str, str]] = {
    Reading.SYSTOLIC_BEFORE: "8480-6",
    Reading.SYSTOLIC_AFTER: "8480-6",
    Reading.DIASTOLIC_AFTER: "8462-4",
    Reading.PULSE_AFTER: "8867-4",
    Reading.OXYGEN_AFTER: "59408-5",
}
UNIT_OF_READING: Final[Mapping[str, str]] = {
    Reading.SYSTOLIC_BEFORE: "mm Hg",
    Reading.SYSTOLIC_AFTER: "mm Hg",
    Reading.DIASTOLIC_AFTER: "mm Hg",
    Reading.PULSE_AFTER: "per minute",
    Reading.OXYGEN_AFTER: "%",
    Reading.PEAK_FLOW_AFTER: "% of personal best",
}
# Unit of the library -> UCUM. What is counted has an annotation in braces, which UCUM reads as 1; the library's days, nights and so on
# are all of one week, its spoons of one day. Measures that are compared by eye (set, area) have no number.
UCUM_OF: Final[Mapping[str, str]] = {
    "points": "{score}",
    "grade": "{grade}",
    "type": "{type}",
    "%": "%",
    "% of personal best": "%",
    "degrees": "deg",
    "mm": "mm",
    "cm": "cm",
    "m": "m",
    "kg": "kg",
    "mm Hg": "mm[Hg]",
    "per minute": "/min",
    "°C": "Cel",
    "days": "{days}/wk",
    "nights": "{nights}/wk",
    "number": "{number}/wk",
    "puffs": "{puffs}/wk",
    "doses": "{doses}/wk",
    "attacks": "{attacks}/wk",
    "episodes": "{episodes}/wk",
    "spoons": "{spoons}/d",
}
FELT: Final = ("pain_before", "pain_after", "comfort", "wellbeing")


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation: its identifier, what it is of, when, and the fields that hold the value."""

    name: str
    code: Fields
    category: str
    effective: str | None
    value: Fields
    said: str
    more: Fields = field(default_factory=dict)


def observations(story: CourseStory, frame: Frame) -> list[Fields]:
    """Everything measured, felt and marked in a course, in the order of its days."""
    seen = [
        *(one for record in story.records for one in _of_record(record, frame)),
        *(_of_value(value, story, frame) for value in story.values),
        *(_of_chart(chart, story, frame) for chart in story.charts),
    ]
    return [_observation(each, story, frame) for each in seen]


def _observation(seen: Seen, story: CourseStory, frame: Frame) -> Fields:
    patient = story.course.patient
    fields: dict[str, Any] = {
        "basedOn": [frame.ref(story.course)],
        "status": "final",
        "category": [_category(seen.category)],
        "code": seen.code,
        "subject": frame.ref(patient, patient.full_name),
        "effectiveDateTime": seen.effective,
        **seen.value,
        **seen.more,
    }
    return frame.resource("Observation", seen.name, [f"{seen.code['text']}: {seen.said} ({seen.effective})"], fields)


def _category(code: str) -> Fields:
    return {"coding": [{"system": f"{TERMINOLOGY}observation-category", "code": code}]}


def _code(own: str, text: str, loinc: str | None) -> Fields:
    """Our code, and before it the published one where there is one."""
    ours = concept("measure", own, text)
    published = [{"system": LOINC, "code": loinc}] if loinc else []
    return {"coding": [*published, *ours["coding"]], "text": text}


def quantity(value: float, unit: str, shown: str = "") -> Fields:
    """A value with the library's unit as it is read, and the code of UCUM. Raises ``KeyError`` for a unit that has none."""
    return {"valueQuantity": {"value": value, "unit": shown or unit, "system": UCUM, "code": UCUM_OF[unit]}}


# Of a session -----------------------------------------------------------------------------------------------------------------
def _of_record(record: SessionRecord, frame: Frame) -> Iterator[Seen]:
    day = record.given_on.isoformat()
    before, after = frame.moment(record.started_at) or day, frame.moment(record.ended_at) or day
    yield from _felt(record, before, after)
    for code, value in record.readings.items():
        label, loinc = str(Reading(code).label), LOINC_OF_READING.get(code)
        unit, at = UNIT_OF_READING[code], before if code == Reading.SYSTOLIC_BEFORE else after
        name = f"{record._meta.label_lower}:{record.pk}:{code}"
        category = "vital-signs" if loinc else "exam"
        yield Seen(name, _code(code, label, loinc), category, at, quantity(int(value), unit), str(value))
    for answer in record.next_days.all():
        yield from _next_day(answer, day)


def _felt(record: SessionRecord, before: str, after: str) -> Iterator[Seen]:
    labels = {
        "pain_before": _("Pain before the session, 0 none to 10 worst"),
        "pain_after": _("Pain after the session, 0 none to 10 worst"),
        "comfort": _("Comfort of the session, 0 to 10 best"),
        "wellbeing": _("Well-being after the session, 0 to 10 best"),
    }
    for name in FELT:
        value: int | None = getattr(record, name)
        if value is not None:
            code = _code(name.replace("_", "-"), labels[name], PAIN if name.startswith("pain") else None)
            at = before if name == "pain_before" else after
            yield Seen(f"{record._meta.label_lower}:{record.pk}:{name}", code, "survey", at, quantity(value, "points"), str(value))
    if record.warmth:
        said, label = str(Warmth(record.warmth).label), _("Warmth of the skin after the session")
        shown = {"valueCodeableConcept": concept("warmth", record.warmth, said)}
        yield Seen(f"{record._meta.label_lower}:{record.pk}:warmth", _code("warmth", label, None), "exam", after, shown, said)


def _next_day(answer: Any, day: str) -> Iterator[Seen]:
    """What was said of the next morning. A yes or no is told as such; what nobody asked is not told."""
    name, at = f"{answer._meta.label_lower}:{answer.pk}", answer.answered_on.isoformat()
    notes = {"note": [note(answer.note), note(_("About the session of %(day)s") % {"day": day})]}
    if answer.pain is not None:
        code = _code("pain-next-day", _("Pain on the next morning, 0 none to 10 worst"), PAIN)
        yield Seen(f"{name}:pain", code, "survey", at, quantity(answer.pain, "points"), str(answer.pain), notes)
    asked = (
        ("skin-or-swelling", _("Skin changed, or swelling, after the session"), answer.has_skin_or_swelling),
        ("sleep-or-headache", _("Slept worse, or a headache, after the session"), answer.slept_worse_or_headache),
    )
    for own, label, is_so in asked:
        if is_so is not None:
            said = _("Yes") if is_so else _("No")
            yield Seen(f"{name}:{own}", _code(own, label, None), "survey", at, {"valueBoolean": is_so}, said, notes)


# Measures and the body chart --------------------------------------------------------------------------------------------------
def _of_value(value: MeasureValue, story: CourseStory, frame: Frame) -> Seen:
    """A measure of the library; one that replaced another is told as corrected, with the reason."""
    words, measure = story.words, story.words.library.measures.get(value.measure)
    name = words.names.of("measures", value.measure) or value.measure
    loinc = LOINC_OF.get(value.measure)
    shown: Fields = {"valueString": value.words}
    if value.value is not None and measure is not None:
        shown = quantity(number(value.value), measure.unit, words.names.of("measures", measure.code, "unit") or measure.unit)
    elif value.value is not None:
        shown = {"valueString": str(number(value.value))}
    by_patient = measure is not None and measure.who == "patient"
    more: Fields = {
        "status": "corrected" if value.replaces_id else "final",
        "performer": [frame.ref(story.course.patient)] if by_patient else [frame.ref(value.by, value.by.full_name)],
        "bodySite": {"coding": [{"system": "urn:tactus:code:side", "code": value.side}]} if value.side else None,
        "note": [note(value.words if value.value is not None else ""), note(value.reason)],
    }
    category = "vital-signs" if loinc and loinc != PAIN else "survey" if by_patient else "exam"
    said = f"{'' if value.value is None else number(value.value)} {value.words}"
    key = f"{value._meta.label_lower}:{value.pk}"
    return Seen(key, _code(value.measure, name, loinc), category, value.measured_on.isoformat(), shown, said, more)


def _of_chart(chart: BodyChart, story: CourseStory, frame: Frame) -> Seen:
    """How many places are marked by kind. Where they are stays on the chart here."""
    counts = {kind: sum(mark["kind"] == kind for mark in chart.marks) for kind in MarkKind.values}
    parts = [{"code": concept("mark", kind, str(MarkKind(kind).label)), "valueInteger": count} for kind, count in counts.items() if count]
    more: Fields = {"component": parts, "performer": [frame.ref(chart.by, chart.by.full_name)]}
    label = _("Places marked on the body chart")
    key, day = f"{chart._meta.label_lower}:{chart.pk}", chart.drawn_on.isoformat()
    return Seen(key, _code("body-chart", label, None), "exam", day, {"valueInteger": len(chart.marks)}, str(len(chart.marks)), more)
