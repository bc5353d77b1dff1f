"""A step of a migration: all models of an app at once, as a row of migrations leaves them (docs/adr/0024-an-empty-database-at-once.md)."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory


class CreateModels(Operation):
    """Makes the models in their order, and on the way back takes them away in the opposite one.

    ``CreateModel`` one after the other would draw for each of them every model of the project that is related to it anew, and most are
    related to most: that is what an empty database spent its time on.
    """

    category = OperationCategory.ADDITION
    reversible = True

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = list(models)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.models], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # what is drawn no longer holds: whoever asks next has all of it drawn, once
        for each in self.models:
            each.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for each in self.models:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for each in reversed(self.models):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Creates {len(self.models)} models at once"
