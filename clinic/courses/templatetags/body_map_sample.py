"""An example of the body map for the gallery of components, which may not know of plans."""

from django import template

from clinic.courses.bodymap import BodyMapView, body_map
from clinic.courses.reasons import Speaker
from protocols.method.findings import Limits, PlacesOut, Screening, Spot
from protocols.method.places import Place
from protocols.method.plans import PlannedSupplement, Row, SessionPlan
from protocols.method.reasons import because
from protocols.method.vocabulary import Outcome
from protocols.shelf import shipped_library, shipped_names

register = template.Library()


@register.simple_tag
def sample_body_map() -> BodyMapView:
    """A session on the back with varicose veins of the left leg, a wound and two stretches of segments; English only."""
    library, names = shipped_library(), shipped_names("en")
    veins = library.tree.leaf_places(Place("thigh", "left")) | library.tree.leaf_places(Place("calf", "left"))
    limits = Limits(
        places_out=(PlacesOut(veins, because("rule-excludes-zone", rule="va-03")),),
        spots=(Spot(library.tree.leaf_places(Place("latissimus", "left")), because("rule-marks-spot", rule="sk-04")),),
    )
    screening = Screening(Outcome.MODIFY, (), (), (), limits, ())
    return body_map(_session(), screening, library=library, names=names, speaker=Speaker(library, names))


def _session() -> SessionPlan:
    rows = (
        Row(0, "opening", "back-thoracic", "both", "stroking", "stroking-planar-deep", 120, 2, "calm", "prone"),
        Row(1, "main", "gluteal", "right", "kneading", "kneading-longitudinal", 120, 3, "neutral", "prone"),
        Row(2, "closing", "lumbar", "both", "stroking", "stroking-planar-deep", 60, 1, "calm", "prone"),
    )
    segments = PlannedSupplement("segmental", 60, levels=("C3-C5", "T3-T9"))
    return SessionPlan(1, 10, "build-up", Outcome.MODIFY, True, rows, (), ("prone",), 300, (segments,))  # noqa: FBT003  # may_start
