"""The tables as 0001 to 0003 leave them, for a database that has none of these yet (docs/adr/0024-an-empty-database-at-once.md)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clinic.audit.append_only
from clinic.at_once import CreateModels


class Migration(migrations.Migration):
    replaces = [("signing", "0001_signatures_and_heads"), ("signing", "0002_orders_to_erase"), ("signing", "0003_what_an_erasure_may_do")]

    initial = True

    dependencies = [
        ("audit", "0005_what_an_erasure_may_do"),
        # The tables of allauth before our many: each of its steps draws all that are there anew.
        ("mfa", "0003_authenticator_type_uniq"),
        ("staff", "0003_invitations_and_profiles"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ChainHead",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("sequence", models.PositiveBigIntegerField(default=0)),
                        (
                            "digest",
                            models.CharField(default="0000000000000000000000000000000000000000000000000000000000000000", max_length=64),
                        ),
                        (
                            "clinic",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="signature_head", to="staff.clinic"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Signature",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("sequence", models.PositiveBigIntegerField()),
                        ("kind", models.CharField(max_length=60, verbose_name="kind of document")),
                        ("subject", models.CharField(max_length=80, verbose_name="document")),
                        ("subject_version", models.PositiveIntegerField(verbose_name="version")),
                        (
                            "meaning",
                            models.CharField(
                                choices=[
                                    ("approved", "approved"),
                                    ("refused", "refused"),
                                    ("revoked", "revoked"),
                                    ("recorded-paper", "signed on paper elsewhere"),
                                    ("erased", "erased by order"),
                                ],
                                max_length=16,
                                verbose_name="meaning",
                            ),
                        ),
                        ("content", models.TextField()),
                        ("content_digest", models.CharField(max_length=64)),
                        ("printed_name", models.CharField(max_length=200, verbose_name="name")),
                        ("licence", models.CharField(blank=True, max_length=120, verbose_name="licence")),
                        ("role", models.CharField(max_length=16, verbose_name="role")),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("password", "password, entered again to sign"),
                                    ("totp", "one-time code, entered again to sign"),
                                    ("recovery-code", "recovery code, entered to sign"),
                                    ("security-key", "passkey, used again to sign in"),
                                    ("passkey", "passkey, over this very document"),
                                    ("paper", "on paper, recorded here by somebody else"),
                                    ("demo", "made up for the demo"),
                                    ("order", "by an order that was signed before, carried out again after a backup was brought back"),
                                ],
                                max_length=16,
                                verbose_name="method",
                            ),
                        ),
                        ("evidence", models.JSONField(null=True)),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        ("signed_at", models.DateTimeField(verbose_name="signed at")),
                        ("previous_digest", models.CharField(max_length=64)),
                        ("statement", models.TextField()),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("signature", models.CharField(max_length=88)),
                        ("key_id", models.CharField(max_length=16)),
                        ("nonce", models.CharField(max_length=32, unique=True)),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="staff.clinic"),
                        ),
                        (
                            "signer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("clinic", "sequence"),
                        "indexes": [models.Index(fields=["subject", "-sequence"], name="signatures_by_subject")],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(
                                emptied=("content", "note", "statement"), name="a_signature_is_never_changed"
                            ),
                            models.UniqueConstraint(fields=("clinic", "sequence"), name="signatures_of_a_clinic_are_numbered"),
                            models.CheckConstraint(condition=models.Q(("sequence__gt", 0)), name="signatures_are_numbered_from_one"),
                            models.CheckConstraint(
                                condition=models.Q(("printed_name", ""), _negated=True), name="a_signature_names_its_signer"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("meaning__in", ["approved", "refused", "revoked", "recorded-paper", "erased"])),
                                name="a_signature_has_a_known_meaning",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "method__in",
                                        ["password", "totp", "recovery-code", "security-key", "passkey", "paper", "demo", "order"],
                                    )
                                ),
                                name="a_signature_has_a_known_method",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
