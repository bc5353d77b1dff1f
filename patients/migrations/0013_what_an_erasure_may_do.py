from django.db import migrations

from clinic.audit.append_only import AppendOnly
from clinic.audit.letting_erasing import LetErasing


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0005_what_an_erasure_may_do"),
        ("patients", "0012_restricted_and_erased_records"),
    ]

    operations = [
        LetErasing({
            "MessageConsent": AppendOnly(name="a_word_about_messages_is_never_changed", goes=True),
            "ReferralMove": AppendOnly(name="a_move_of_a_referral_is_never_changed", goes=True),
        }),
    ]
