from django.db import migrations

from clinic.audit.append_only import AppendOnly
from clinic.audit.letting_erasing import LetErasing


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0005_what_an_erasure_may_do"),
        ("signing", "0002_orders_to_erase"),
    ]

    operations = [
        LetErasing({
            "Signature": AppendOnly(name="a_signature_is_never_changed", emptied=("content", "note", "statement")),
        }),
    ]
