"""Finds questions that start at no owner: the whole table of something that belongs to a clinic, or a way around the manager (F24)."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import ForeignKey, Model

ROOTS = ("staff.clinic", "staff.user", "patients.patient", "courses.course")
# A question that names one of these (or reaches it through ``__``) starts at an owner. A number alone is none: it may come from anywhere,
# unless it is taken from a row that was asked for before (``course.pk``, ``self.patient_id``).
OWNERS = {
    "clinic", "clinic_id", "patient", "user", "course", "session", "booking", "therapist", "merge", "link", "intake", "message", "referral",
    "signature", "document", "variant", "token", "token_digest", "digest", "email", "email__iexact", "start", "review", "waiting", "record",
}  # fmt: skip
NUMBERS = {"pk", "id", "pk__in", "id__in"}
# Every finding is about one of these names.
ASKS = re.compile(r"\b(_base_manager|objects|raw|extra|execute|get_object_or_404)\b")


@dataclass(frozen=True)
class Finding:
    """One place where a question could reach what belongs to somebody else."""

    place: str
    line: int
    what: str


def owned_models() -> set[str]:
    """Names of our models that belong to a clinic, a person or a patient, directly or by what they hang on."""
    models = [model for model in apps.get_models() if model.__module__.startswith(("clinic.", "patients.", "protocols."))]
    owned = {model for model in models if model._meta.label_lower in ROOTS}
    while grown := {model for model in models if model not in owned and _targets(model) & owned}:
        owned |= grown
    return {model.__name__ for model in owned}


def _targets(model: type[Model]) -> set[type[Model]]:
    return {field.remote_field.model for field in model._meta.get_fields() if isinstance(field, ForeignKey)}


def findings(source: str, place: str, owned: set[str]) -> Iterator[Finding]:
    """Every function of this source that asks for what is owned and names no owner anywhere: a question is often put together by lines."""
    if not ASKS.search(source):
        return  # reading the syntax of what never asks takes seconds
    for function in _functions(ast.parse(source)):
        for line, what in _wrong(function, owned):
            yield Finding(f"{place}:{function.name}", line, what)


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def _wrong(function: ast.FunctionDef, owned: set[str]) -> Iterator[tuple[int, str]]:
    nodes = list(ast.walk(function))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    asks = any(_names_owner(call) for call in calls)
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr == "_base_manager":
            yield node.lineno, "._base_manager"
        if isinstance(node, ast.Attribute) and node.attr == "objects" and _name(node.value) in owned and not asks:
            yield node.lineno, f"{_name(node.value)}.objects without an owner"
    for call in calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"raw", "extra", "execute"} and _is_composed(call):
            yield call.lineno, f".{call.func.attr} of a statement that is put together"
        if _name(call.func) == "get_object_or_404" and call.args and _name(call.args[0]) in owned and not _names_owner(call):
            yield call.lineno, f"get_object_or_404({_name(call.args[0])}) without an owner"


def _is_composed(call: ast.Call) -> bool:
    """Whether the statement is an f-string with something in it, or joined by ``%`` or ``+`` or ``format``."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in first.values)
    return isinstance(first, ast.BinOp) or (isinstance(first, ast.Call) and _name(first.func) == "format")


def _names_owner(call: ast.Call) -> bool:
    return any(_is_owner(word) for word in call.keywords if word.arg)


def _is_owner(word: ast.keyword) -> bool:
    name = word.arg or ""
    if name in NUMBERS:
        return name.endswith("__in") or (isinstance(word.value, ast.Attribute) and word.value.attr.endswith(("pk", "_id")))
    return bool(OWNERS & {name, *name.split("__")})


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
