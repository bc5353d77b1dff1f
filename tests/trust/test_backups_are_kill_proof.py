"""A backup under write load, and kills in the middle (trust.md F44 to F46), small. The full size: ``manage.py verify backup``."""

import pytest

from clinic.keeping import proving_backup


@pytest.mark.django_db(transaction=True)
@pytest.mark.servers
def test_a_backup_under_write_load_comes_back_whole_and_no_kill_spoils_what_was_there() -> None:
    said: list[str] = []
    assert proving_backup.proved(proving_backup.REDUCED, said.append), "\n".join(said)
