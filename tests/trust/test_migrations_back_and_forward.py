"""``verify migrations`` in reduced size: the newest migrations, back and forward on a filled copy of the database of this run."""

from typing import Any

import pytest
from django.db import connection

from clinic.keeping import proving_migrations


@pytest.mark.django_db
def test_no_migration_goes_one_way_unnamed() -> None:
    one_way = [str(step[0]) for step in proving_migrations.ours_applied() if proving_migrations._one_way(step[0])]
    assert one_way == [f"{app}.{name}" for app, name in proving_migrations.ONE_WAY]


@pytest.mark.slow
def test_the_newest_migrations_go_back_and_forward_on_filled_data(django_db_setup: None, django_db_blocker: Any) -> None:
    said: list[str] = []
    with django_db_blocker.unblock():
        held = proving_migrations.run(proving_migrations.REDUCED, said.append)
        connection.close()
    assert held, "\n".join(said)
    assert any("No model has changed" in line for line in said)
