"""A step of a migration: the triggers of an append-only table learn what an erasure may do. No table is rebuilt."""

from typing import Any

from django.db.migrations.operations.base import Operation

from clinic.audit.append_only import AppendOnly


class LetErasing(Operation):
    """Puts a rule in the place of the one with the same name, forward and back."""

    reversible = True

    def __init__(self, model_name: str, rule: AppendOnly) -> None:
        self.model_name, self.rule = model_name, rule

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model_name, self.rule], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.alter_constraint(app_label, self.model_name.lower(), self.rule.name, self.rule)

    def database_forwards(self, app_label: str, schema_editor: Any, _from_state: Any, to_state: Any) -> None:
        self._renew(app_label, schema_editor, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, _from_state: Any, to_state: Any) -> None:
        self._renew(app_label, schema_editor, to_state)

    def describe(self) -> str:
        return f"Lets an erasure by order through {self.rule.name}"

    def _renew(self, app_label: str, schema_editor: Any, state: Any) -> None:
        model = state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        for rule in model._meta.constraints:
            if rule.name == self.rule.name:
                rule.renew(model, schema_editor)
