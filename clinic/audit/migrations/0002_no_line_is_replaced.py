from typing import Any

from django.db import migrations

from clinic.audit.append_only import AppendOnly


def renew(apps: Any, schema_editor: Any) -> None:
    """SQLite databases made before this edition guard against INSERT OR REPLACE by the row's number only."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for model in apps.get_app_config("audit").get_models():
        for rule in model._meta.constraints:
            if isinstance(rule, AppendOnly):
                _made_anew(rule, model, schema_editor)


def _made_anew(rule: AppendOnly, model: Any, schema_editor: Any) -> None:
    for event in ("update", "delete", "insert"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(f'{rule.name}_{event}')}")
    for statement in rule.statements(model, schema_editor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_audit_lines_and_read_lines'),
    ]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
