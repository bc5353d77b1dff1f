"""``verify migrations`` in reduced size: the newest migrations, back and forward on a filled copy of the database of this run."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from clinic.keeping import proving_migrations
from clinic.keeping.one_by_one import one_by_one


@pytest.mark.django_db
def test_no_migration_goes_one_way_unnamed() -> None:
    one_way = [str(step[0]) for step in proving_migrations.applied() if proving_migrations._one_way(step[0])]
    assert one_way == [f"{app}.{name}" for app, name in proving_migrations.ONE_WAY]


@pytest.mark.django_db
@pytest.mark.same_everywhere
def test_what_makes_an_empty_database_at_once_leaves_the_models_that_the_migrations_leave_one_by_one() -> None:
    at_once, single = MigrationLoader(None).project_state(), one_by_one().loader.project_state()
    assert any(name.startswith("0001_squashed") for _app, name in MigrationLoader(None).graph.nodes)
    assert not any(name.startswith("0001_squashed") for _app, name in one_by_one().loader.graph.nodes)
    assert [key for key in at_once.models.keys() | single.models.keys() if at_once.models.get(key) != single.models.get(key)] == []


@pytest.mark.django_db
@pytest.mark.same_everywhere
def test_tables_of_others_that_stand_on_ours_go_down_before_them() -> None:
    """PostgreSQL takes their references away with our tables, and nothing else would bring them back."""
    made = [step[0].app_label for step in proving_migrations.applied()]
    assert {"account", "mfa"} <= set(made)
    assert not {"auth", "sessions", "contenttypes"} & set(made)
    assert made.index("staff") < made.index("account")


@pytest.mark.slow
def test_the_newest_migrations_go_back_and_forward_on_filled_data(django_db_setup: None, django_db_blocker: Any) -> None:
    said: list[str] = []
    with django_db_blocker.unblock():
        held = proving_migrations.run(proving_migrations.REDUCED, said.append)
        connection.close()
    assert held, "\n".join(said)
    assert any("No model has changed" in line for line in said)
    assert "The tables are the same." in said
