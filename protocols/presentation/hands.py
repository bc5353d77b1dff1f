"""What hands do: families, techniques, mixes, supplementary methods and points."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from protocols.method.entries import Family, Point, Profile, Supplement, Technique
from protocols.presentation.addresses import address, linked
from protocols.presentation.reader import LibraryReader, SourceLine
from protocols.presentation.shares import Share, family_shares
from protocols.presentation.words import TONES
from protocols.reviewing import uses_of_profiles

Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TempoBand:
    code: str
    rate: str


@dataclass(frozen=True, slots=True)
class TechniqueRow:
    """A technique as a line."""

    code: str
    name: str
    family: str
    pressure: tuple[int, int]
    tone: str
    is_main: bool
    is_light: bool
    is_general: bool


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A family with its tempo bands and techniques."""

    code: str
    name: str
    western: str
    effect: str
    tempos: tuple[TempoBand, ...]
    techniques: tuple[TechniqueRow, ...]


@dataclass(frozen=True, slots=True)
class TechniquePage:
    code: str
    name: str
    name_other: str
    family: FamilyView
    pressure: tuple[tuple[int, str, str], ...]
    tone: str
    is_main: bool
    is_light: bool
    good: tuple[Link, ...]
    never: tuple[Link, ...]
    avoid: tuple[str, ...]
    note: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A mix of techniques. ``used`` is how many steps of all stages take it."""

    code: str
    name: str
    shares: tuple[Share, ...]
    pressure: tuple[int, int]
    tempo: str
    provenance: str
    used: int
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class SupplementRow:
    code: str
    name: str
    group: str
    method: str
    dose: str


@dataclass(frozen=True, slots=True)
class SupplementPage:
    code: str
    name: str
    group: str
    method: str
    dose: str
    by_order: bool
    ages: str
    use: tuple[str, ...]
    avoid_when: tuple[str, ...]
    avoid_zones: tuple[Link, ...]
    avoid_zones_when: tuple[str, ...]
    never: tuple[str, ...]
    stages: tuple[Link, ...]
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class PointRow:
    code: str
    where: str
    mode: str
    pregnancy: bool
    caution: str
    provenance: str


def family_view(family: Family, techniques: tuple[Technique, ...], reader: LibraryReader) -> FamilyView:
    """One family with those of its techniques that are wanted."""
    rows = tuple(technique_row(row, reader) for row in techniques if row.family == family.code)
    tempos = tuple(TempoBand(tempo, _rate(family, tempo)) for tempo in family.tempos)
    effect = reader.names.of("families", family.code, "effect")
    return FamilyView(family.code, reader.names.of("families", family.code), family.western, effect, tempos, rows)


def _rate(family: Family, tempo: str) -> str:
    band: tuple[int, ...] = getattr(family, tempo)
    return _("%(low)s–%(high)s a minute") % {"low": band[0], "high": band[-1]} if family.counted and band else ""


def technique_row(row: Technique, reader: LibraryReader) -> TechniqueRow:
    """One technique as a line."""
    return TechniqueRow(
        code=row.code,
        name=reader.names.of("techniques", row.code),
        family=row.family,
        pressure=row.pressure,
        tone=TONES[row.tone](),
        is_main=row.main,
        is_light=row.light,
        is_general=all(line.is_general for line in reader.sources(row.sources)),
    )


def technique_page(row: Technique, reader: LibraryReader) -> TechniquePage:
    """One technique in full."""
    library, names = reader.library, reader.names
    return TechniquePage(
        code=row.code,
        name=names.of("techniques", row.code),
        name_other=row.name if names.language == "ru" else row.name_ru,
        family=family_view(library.families[row.family], (), reader),
        pressure=_levels(row.pressure, reader),
        tone=TONES[row.tone](),
        is_main=row.main,
        is_light=row.light,
        good=linked("zone", row.good, reader.zone),
        never=linked("zone", row.never, reader.zone),
        avoid=tuple(names.of("facts", fact, "question") for fact in (*row.avoid_when, *row.avoid_at)),
        note=names.of("techniques", row.code, "note"),
        sources=reader.sources(row.sources),
    )


def _levels(pressure: tuple[int, int], reader: LibraryReader) -> tuple[tuple[int, str, str], ...]:
    """Each level of a range with its name and what it reaches."""
    names, low_and_high = reader.names, range(pressure[0], pressure[1] + 1)
    return tuple((level, names.of("pressure", str(level)), names.of("pressure", str(level), "reaches")) for level in low_and_high)


def profile_rows(reader: LibraryReader) -> tuple[ProfileRow, ...]:
    """Every mix, those that most steps use first."""
    used = uses_of_profiles(reader.library)
    rows = sorted(reader.library.profiles.values(), key=lambda row: -used[row.code])
    return tuple(_profile(row, used[row.code], reader) for row in rows)


def _profile(row: Profile, used: int, reader: LibraryReader) -> ProfileRow:
    return ProfileRow(
        code=row.code,
        name=reader.names.of("profiles", row.code),
        shares=family_shares(row.shares, reader.names),
        pressure=row.pressure,
        tempo=row.tempo,
        provenance=row.provenance,
        used=used,
        sources=reader.sources(row.sources),
    )


def supplement_row(row: Supplement, reader: LibraryReader) -> SupplementRow:
    """One supplementary method as a line."""
    name, method, dose = (reader.names.of("supplements", row.code, field) for field in ("name", "method", "dose_text"))
    return SupplementRow(row.code, name, reader.names.of("supplement-classes", row.supplement_class), method, dose)


def supplement_page(row: Supplement, reader: LibraryReader) -> SupplementPage:
    """One supplementary method in full, with the stages that offer it."""
    names, line = reader.names, supplement_row(row, reader)
    return SupplementPage(
        code=row.code,
        name=line.name,
        group=line.group,
        method=line.method,
        dose=line.dose,
        by_order=row.by_order,
        ages=_("%(low)s to %(high)s years") % {"low": row.age[0], "high": row.age[1]} if row.age else "",
        use=names.lines("supplements", row.code, "use"),
        avoid_when=tuple(names.of("facts", fact, "question") for fact in row.avoid_when),
        avoid_zones=linked("zone", row.avoid_zones, reader.zone),
        avoid_zones_when=tuple(_zones_when(fact, zones, reader) for fact, zones in row.avoid_zones_when.items()),
        never=names.lines("supplements", row.code, "never"),
        stages=_stages_with(row.code, reader),
        sources=reader.sources(row.sources),
    )


def _zones_when(fact: str, zones: tuple[str, ...], reader: LibraryReader) -> str:
    return f"{reader.names.of('facts', fact, 'question')} – {', '.join(map(reader.zone, zones))}"


def _stages_with(supplement: str, reader: LibraryReader) -> tuple[Link, ...]:
    stages = ((condition, stage) for condition in reader.library.conditions.values() for stage in condition.stages.values())
    offering = [
        f"{condition.code}/{stage.code}"
        for condition, stage in stages
        if stage.treatment and any(each.supplement == supplement for each in stage.treatment.supplements)
    ]
    return tuple((stage_name(code, reader), address("stage", code)) for code in offering)


def stage_name(code: str, reader: LibraryReader) -> str:
    """Condition and stage by ``condition/stage``."""
    return f"{reader.names.of('conditions', code.partition('/')[0])}: {reader.names.of('stages', code)}"


def point_row(row: Point, reader: LibraryReader) -> PointRow:
    """One point as a line."""
    where, caution = (reader.names.of("points", row.code, field) for field in ("where", "caution"))
    mode = reader.names.of("supplements", row.usual_mode)
    return PointRow(row.code, where, mode, row.pregnancy_barred, caution, row.provenance)
