"""Whether what we are about to hand out is FHIR R4B: by the resource models, by the closed lists of codes, and by its references.

The models are imported when they are needed: reading them takes longer than most pages.
"""

import logging
from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from clinic.exchange.fhir.frame import Fields
from clinic.staff.permissions import ActionDenied

logger = logging.getLogger(__name__)
# The models name only the beginning of this list. Source: hl7.org/fhir/R4B/valueset-observation-status.html
TOLD_IN_PART: Final = ("registered", "preliminary", "final", "amended", "+")
OBSERVATION_STATUS: Final = ("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown")


class NotFhir(ActionDenied):
    """What was made is not valid FHIR, so nothing is handed out. ``faults`` name places and kinds, never what stands there."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__(
            _("The file could not be made: what came out is not valid FHIR. Nothing was given out; this is logged for mending.")
        )


def checked(resource: Fields) -> Fields:
    """The same resource or bundle when nothing is wrong with it. Raises ``NotFhir`` and logs the places otherwise."""
    faults = tuple(faults_of(resource))
    if faults:
        logger.error("an export is not valid FHIR: %s", "; ".join(faults[:20]))
        raise NotFhir(faults)
    return resource


def faults_of(resource: Fields) -> Iterator[str]:
    """Everything that is wrong, as "place: kind of fault"."""
    entries = resource.get("entry", ())
    for each in [entry["resource"] for entry in entries] or [resource]:
        yield from _model_faults(each)
    if entries:
        yield from _model_faults({**resource, "entry": entries[:1]})  # the rest was looked at one by one
        yield from _reference_faults(resource)


def _model_faults(resource: Fields) -> Iterator[str]:
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    kind = resource.get("resourceType", "")
    try:
        made = get_fhir_model_class(kind).model_validate(resource)
    except ValidationError as error:
        # The text of the error holds what was typed about the patient: only where and of which kind is told.
        yield from (f"{kind}.{'.'.join(map(str, each['loc']))}: {each['type']}" for each in error.errors(include_input=False))
        return
    yield from _code_faults(made, kind)


def known_codes(element: Any) -> tuple[str, ...]:
    """The closed list of codes of an element of a model; empty where there is none. Where the model tells a list in part, ours is whole."""
    listed = tuple((element.json_schema_extra or {}).get("enum_values") or ())
    return OBSERVATION_STATUS if listed == TOLD_IN_PART else () if "+" in listed else listed


def _code_faults(model: Any, place: str) -> Iterator[str]:
    """Codes that are not in the closed list of their element: the models know these lists and do not ask them."""
    for name, told in type(model).model_fields.items():
        value, known = getattr(model, name, None), known_codes(told)
        for each in value if isinstance(value, list) else [value]:
            if known and isinstance(each, str) and each not in known:
                yield f"{place}.{name}: code"
            if hasattr(type(each), "model_fields"):
                yield from _code_faults(each, f"{place}.{name}")


def _reference_faults(bundle: Fields) -> Iterator[str]:
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    if len(addresses) != len(set(addresses)):
        yield "Bundle.entry.fullUrl: twice"
    for entry in bundle["entry"]:
        kind = entry["resource"]["resourceType"]
        yield from (f"{kind}: reference that leads nowhere" for found in references_in(entry["resource"]) if found not in addresses)


def references_in(value: Any) -> Iterator[str]:
    """Every address that a resource refers to."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for item in value.values():
            yield from references_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from references_in(item)
