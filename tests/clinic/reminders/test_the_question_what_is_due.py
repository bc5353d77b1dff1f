"""Every few seconds every worker asks what is due: an index alone answers, however many messages there have been."""

import pytest
from django.db import connection
from django.utils import timezone

from clinic.reminders.bench.due_query import fill, is_index_only, plan_of_due_query, somebody
from clinic.reminders.queries.due_messages import due_messages


@pytest.mark.django_db(transaction=connection.vendor == "postgresql")  # which cleans up in no transaction
def test_an_index_alone_says_what_is_due() -> None:
    now = timezone.now()
    fill(somebody(), rows=3000, due=20, now=now)
    assert due_messages(now).count() == 20
    plan = plan_of_due_query(now)
    assert is_index_only(plan), f"{connection.vendor}: {plan}"
