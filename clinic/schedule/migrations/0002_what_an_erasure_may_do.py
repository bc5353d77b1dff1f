from django.db import migrations

from clinic.audit.append_only import AppendOnly
from clinic.audit.letting_erasing import LetErasing


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0005_what_an_erasure_may_do"),
        ("schedule", "0001_places_hours_and_bookings"),
    ]

    operations = [
        LetErasing({
            "BookingChange": AppendOnly(name="a_change_of_a_booking_is_never_changed", goes=True),
        }),
    ]
