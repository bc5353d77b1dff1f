"""A step of a migration: the triggers of an append-only table learn what an erasure may do. No table is rebuilt."""

from collections.abc import Mapping
from typing import Any

from django.db.migrations.operations.base import Operation

from clinic.audit.append_only import AppendOnly


class LetErasing(Operation):
    """Puts rules in the place of those with the same names, forward and back. All of an app at once: each step draws all models anew."""

    reversible = True

    def __init__(self, rules: Mapping[str, AppendOnly]) -> None:
        self.rules = dict(rules)  # name of the model -> its rule

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.rules], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        for name, rule in self.rules.items():
            kept = state.models[app_label, name.lower()].options
            kept["constraints"] = [rule if each.name == rule.name else each for each in kept["constraints"]]
        state.reload_models([(app_label, name.lower()) for name in self.rules], delay=True)

    def database_forwards(self, app_label: str, schema_editor: Any, _from_state: Any, to_state: Any) -> None:
        self._renew(app_label, schema_editor, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, _from_state: Any, to_state: Any) -> None:
        self._renew(app_label, schema_editor, to_state)

    def describe(self) -> str:
        return f"Lets an erasure by order through {len(self.rules)} rules"

    def _renew(self, app_label: str, schema_editor: Any, state: Any) -> None:
        for name, wanted in self.rules.items():
            model = state.apps.get_model(app_label, name)
            for rule in model._meta.constraints:
                if rule.name == wanted.name and self.allow_migrate_model(schema_editor.connection.alias, model):
                    rule.renew(model, schema_editor)
