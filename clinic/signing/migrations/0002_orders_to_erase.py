from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signing", "0001_signatures_and_heads"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signature",
            name="meaning",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="signature",
            name="method",
            field=models.CharField(
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
        migrations.RemoveConstraint(model_name="signature", name="a_signature_has_a_known_meaning"),
        migrations.RemoveConstraint(model_name="signature", name="a_signature_has_a_known_method"),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(("meaning__in", ["approved", "refused", "revoked", "recorded-paper", "erased"])),
                name="a_signature_has_a_known_meaning",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("method__in", ["password", "totp", "recovery-code", "security-key", "passkey", "paper", "demo", "order"])
                ),
                name="a_signature_has_a_known_method",
            ),
        ),
    ]
