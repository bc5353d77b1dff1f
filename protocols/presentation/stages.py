"""A stage as the library's pages show it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from protocols.method.entries import Condition, Forbid, Stage, StageSupplement, Step, Treatment, Variant
from protocols.presentation.addresses import address, linked
from protocols.presentation.doses import DoseLine, dose_lines, usual_minutes
from protocols.presentation.reader import LibraryReader, SourceLine
from protocols.presentation.shares import Share, family_shares
from protocols.wording_codes import WORDS
from protocols.wording_conditions import local_word, typeset

Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: where, how long, with which mix. ``weight`` is its length in percent of the longest step."""

    part: str
    zone: str
    zone_url: str
    side: str
    side_word: str
    minutes: float
    weight: float
    profile: str
    profile_url: str
    shares: tuple[Share, ...]
    later: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupplementLine:
    name: str
    url: str
    points: tuple[Link, ...]
    note: str


@dataclass(frozen=True, slots=True)
class VariantLine:
    """Another form of the stage and what opens it."""

    note: str
    requires: str
    document: Link
    from_session: int
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """What a stage that may be massaged holds."""

    goals: tuple[str, ...]
    tempo: str
    mode: str
    provenance: tuple[tuple[str, str], ...]
    dose: tuple[DoseLine, ...]
    minutes: tuple[int, ...]
    steps: tuple[StepLine, ...]
    document: Link | None
    forbids: tuple[str, ...]
    warnings: tuple[str, ...]
    supplements: tuple[SupplementLine, ...]
    no_supplements: str
    partners: tuple[str, ...]
    stop: tuple[tuple[str, tuple[str, ...], str], ...]
    variants: tuple[VariantLine, ...]


@dataclass(frozen=True, slots=True)
class StageView:
    code: str
    key: str
    name: str
    local: str
    local_word: str
    is_emergency: bool
    definition: str
    guide: str
    reason: str
    becomes_allowed_when: str
    notes: tuple[str, ...]
    advice: tuple[str, ...]
    basis: str
    sources: tuple[SourceLine, ...]
    course: Course | None


def stage_view(condition: Condition, stage: Stage, reader: LibraryReader) -> StageView:
    """One stage in words."""
    code, names = f"{condition.code}/{stage.code}", reader.names
    return StageView(
        code=stage.code,
        key=code,
        name=names.of("stages", code),
        local=stage.local,
        local_word=local_word(stage.local),
        is_emergency=stage.emergency,
        definition=names.of("stages", code, "definition"),
        guide=names.of("stage-guide", condition.code, stage.code),
        reason=names.of("stages", code, "reason"),
        becomes_allowed_when=names.of("stages", code, "becomes_allowed_when"),
        notes=names.lines("stages", code, "notes"),
        advice=names.lines("stages", code, "advice"),
        basis=typeset(stage.basis),
        sources=reader.cited(stage.basis),
        course=_course(stage.treatment, code, reader) if stage.treatment else None,
    )


def _course(treatment: Treatment, code: str, reader: LibraryReader) -> Course:
    names = reader.names
    origin = treatment.provenance
    return Course(
        goals=names.lines("stages", code, "goals"),
        tempo=treatment.tempo,
        mode=str(WORDS[treatment.mode]()),
        provenance=(("plan", origin.plan), ("profiles", origin.profiles)),
        dose=dose_lines(treatment, code, reader),
        minutes=usual_minutes(treatment, reader.library),
        steps=_steps(treatment, reader),
        document=_document(treatment.needs_document, reader) if treatment.needs_document else None,
        forbids=tuple(dict.fromkeys(_forbids(treatment, reader))),
        warnings=names.lines("stages", code, "warnings"),
        supplements=_supplements(treatment, code, reader),
        no_supplements=", ".join(supplement_word(word, reader) for word in treatment.forbid_supplements),
        partners=names.lines("stages", code, "partners"),
        stop=_stop(treatment, reader),
        variants=tuple(_variant(row, code, reader) for row in treatment.variants),
    )


def _document(code: str, reader: LibraryReader) -> Link:
    return reader.names.of("documents", code), address("document", code)


def supplement_word(code: str, reader: LibraryReader) -> str:
    """A supplementary method, or a class of them; a word that is both means the class."""
    return reader.names.of("supplement-classes", code) or reader.names.of("supplements", code)


def _steps(treatment: Treatment, reader: LibraryReader) -> tuple[StepLine, ...]:
    longest = max(step.minutes for step in treatment.steps)
    return tuple(_step(step, treatment, longest, reader) for step in treatment.steps)


def _step(step: Step, treatment: Treatment, longest: float, reader: LibraryReader) -> StepLine:
    profile = reader.library.profiles[step.profile]
    return StepLine(
        part=step.part,
        zone=reader.zone(step.zone),
        zone_url=address("zone", step.zone) if step.zone in reader.library.zones else "",
        side=step.side,
        side_word=str(WORDS[step.side]()),
        minutes=step.minutes,
        weight=round(100 * step.minutes / longest, 1),
        profile=reader.names.of("profiles", step.profile),
        profile_url=address("profile", step.profile),
        shares=family_shares(profile.shares, reader.names),
        later=tuple(_later(step, treatment, reader)),
    )


def _later(step: Step, treatment: Treatment, reader: LibraryReader) -> Iterator[str]:
    if step.from_session > 1:
        yield _("from session %(session)s") % {"session": step.from_session}
    for family, session in {**treatment.family_from, **step.family_from}.items():
        if family in reader.library.profiles[step.profile].shares:
            yield _("%(family)s from session %(session)s") % {"family": reader.names.of("families", family), "session": session}


def _forbids(treatment: Treatment, reader: LibraryReader) -> Iterator[str]:
    yield from (_forbid(row, reader) for row in treatment.forbid)
    if treatment.calm_until_session:
        yield _("up to session %(session)s only calm work, no percussion") % {"session": treatment.calm_until_session}
    if treatment.percussion is not None:
        named, where = reader.listed("techniques", treatment.percussion.techniques), reader.listed("zones", treatment.percussion.zones)
        yield _("percussion only so: %(techniques)s; only there: %(zones)s") % {"techniques": named, "zones": where}
        if treatment.percussion.requires:
            yield _("and only when: %(question)s – yes") % {"question": reader.question(treatment.percussion.requires)}
    if treatment.forbid_positions:
        yield _("not in these positions: %(positions)s") % {"positions": reader.listed("positions", treatment.forbid_positions)}


def _forbid(row: Forbid, reader: LibraryReader) -> str:
    if row.family == "all":
        what = _("nothing is done")
    else:
        kind, code = ("families", row.family) if row.family else ("techniques", row.technique)
        what = _("no %(what)s") % {"what": reader.names.of(kind, code or "")}
    side = "" if row.side == "both" else f" ({WORDS[row.side]()})"
    spot = _(", on the marked spot only") if row.scope == "spot" else ""
    return f"{what}: {reader.zone(row.zone) if row.zone != 'all' else _('everywhere')}{side}{spot}"


def _supplements(treatment: Treatment, code: str, reader: LibraryReader) -> tuple[SupplementLine, ...]:
    notes = reader.names.lines("stages", code, "supplement_notes") or ("",) * len(treatment.supplements)
    return tuple(_supplement(row, note, reader) for row, note in zip(treatment.supplements, notes, strict=True))


def _supplement(row: StageSupplement, note: str, reader: LibraryReader) -> SupplementLine:
    points = linked("point", row.points, str.upper)
    return SupplementLine(reader.names.of("supplements", row.supplement), address("supplement", row.supplement), points, note)


def _stop(treatment: Treatment, reader: LibraryReader) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """The signs that end a session, those of every session first."""
    codes = dict.fromkeys(("any", *treatment.stop_sets))
    names = reader.names
    return tuple(
        (names.of("stop-sets", code), names.lines("stop-sets", code, "stop"), names.of("stop-sets", code, "then")) for code in codes
    )


def _variant(row: Variant, code: str, reader: LibraryReader) -> VariantLine:
    return VariantLine(
        note=reader.names.of("variants", f"{code}/{row.code}", "note"),
        requires=reader.names.of("facts", row.requires, "question"),
        document=_document(row.needs_document, reader),
        from_session=row.from_session,
        changes=tuple(_changes(row, reader)),
    )


def _changes(row: Variant, reader: LibraryReader) -> Iterator[str]:
    for each in row.profile_at:
        where = f"{reader.zone(each.zone)} ({WORDS[each.side]()})"
        yield _("%(zone)s takes the mix %(profile)s") % {"zone": where, "profile": reader.names.of("profiles", each.profile)}
    named, zones = reader.listed("techniques", row.percussion.techniques), reader.listed("zones", row.percussion.zones)
    yield _("percussion only so: %(techniques)s; only there: %(zones)s") % {"techniques": named, "zones": zones}
