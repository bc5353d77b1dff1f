"""The tables as 0001 to 0002 leave them, for a database that has none of these yet (docs/adr/0024-an-empty-database-at-once.md)."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import clinic.audit.append_only
from clinic.at_once import CreateModels


class Migration(migrations.Migration):
    replaces = [("protocols", "0001_reviews_of_entries"), ("protocols", "0002_editions_and_variants")]

    initial = True

    dependencies = [
        ("signing", "0001_signatures_and_heads"),
        ("staff", "0007_a_clinic_may_have_its_own_edition"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="EntryReview",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("kind", models.CharField(max_length=20)),
                        ("code", models.CharField(max_length=80)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("in-review", "In review"),
                                    ("accepted", "Accepted"),
                                    ("to-change", "To be changed"),
                                ],
                                max_length=10,
                                verbose_name="State",
                            ),
                        ),
                        ("note", models.TextField(blank=True, max_length=2000, verbose_name="Note")),
                        ("edition", models.CharField(max_length=40)),
                        ("digest", models.CharField(max_length=64)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="entry_reviews", to="staff.clinic"),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [models.Index(fields=["clinic", "kind", "code", "-id"], name="newest_review_of_an_entry")],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(name="a_review_is_never_changed"),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["open", "in-review", "accepted", "to-change"])),
                                name="a_review_has_a_known_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(models.Q(("kind", ""), _negated=True), models.Q(("code", ""), _negated=True)),
                                name="a_review_names_its_entry",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(models.Q(("digest", ""), _negated=True), models.Q(("edition", ""), _negated=True)),
                                name="a_review_is_of_some_content",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("note", ""), ("state", "to-change"), _negated=True), name="a_wish_for_change_says_which"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Edition",
                    fields=[
                        ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=40)),
                        ("library_digest", models.CharField(max_length=64)),
                        ("parts", models.JSONField(default=dict)),
                        ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(name="an_edition_is_never_changed"),
                            models.CheckConstraint(
                                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("digest", ""), _negated=True)),
                                name="an_edition_has_a_name",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EditionPart",
                    fields=[
                        ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("text", models.TextField()),
                    ],
                    options={
                        "constraints": [clinic.audit.append_only.AppendOnly(name="a_part_of_an_edition_is_never_changed")],
                    },
                ),
                migrations.CreateModel(
                    name="Variant",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("subject", models.CharField(max_length=80)),
                        ("title", models.CharField(max_length=120)),
                        ("changes", models.TextField(default="{}")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("awaiting", "With the doctor"),
                                    ("published", "Published"),
                                    ("discarded", "Discarded"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("note", models.TextField(blank=True, max_length=2000)),
                        ("review_by", models.DateField(null=True)),
                        ("origin", models.CharField(blank=True, max_length=200)),
                        ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "base",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="variants", to="protocols.edition"),
                        ),
                        (
                            "begun_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "changed_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="variants", to="staff.clinic"),
                        ),
                    ],
                    options={
                        "ordering": ["-changed_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["draft", "awaiting", "published", "discarded"])),
                                name="a_variant_is_in_a_known_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(models.Q(("subject", ""), _negated=True), models.Q(("title", ""), _negated=True)),
                                name="a_variant_has_a_subject_and_a_title",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("draft", "awaiting"))),
                                fields=("clinic", "subject"),
                                name="one_open_variant_of_a_subject_at_a_clinic",
                            ),
                        ],
                        "indexes": [models.Index(fields=["clinic", "state", "-changed_at"], name="variants_of_a_clinic")],
                    },
                ),
                migrations.CreateModel(
                    name="Publication",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("number", models.PositiveIntegerField()),
                        ("tightened", models.JSONField(default=list)),
                        ("review_by", models.DateField()),
                        ("note", models.TextField(blank=True, max_length=2000)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "before",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protocols.edition"),
                        ),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="staff.clinic"),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="protocols.edition"
                            ),
                        ),
                        (
                            "signature",
                            models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="signing.signature"),
                        ),
                        (
                            "variant",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="publication", to="protocols.variant"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(name="a_publication_is_never_changed"),
                            models.UniqueConstraint(fields=("clinic", "number"), name="publications_of_a_clinic_are_numbered"),
                            models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="publications_are_numbered_from_one"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VariantMove",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("before", models.CharField(max_length=10)),
                        ("after", models.CharField(max_length=10)),
                        ("version", models.PositiveIntegerField()),
                        ("note", models.TextField(blank=True, max_length=2000)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "variant",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="protocols.variant"),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [clinic.audit.append_only.AppendOnly(name="a_move_of_a_variant_is_never_changed")],
                    },
                ),
                migrations.CreateModel(
                    name="VariantVersion",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("version", models.PositiveIntegerField()),
                        ("changes", models.TextField()),
                        ("said", models.CharField(blank=True, max_length=300)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "variant",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="protocols.variant"),
                        ),
                    ],
                    options={
                        "ordering": ["-version"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(name="a_version_of_a_variant_is_never_changed"),
                            models.UniqueConstraint(fields=("variant", "version"), name="versions_of_a_variant_are_numbered"),
                        ],
                    },
                ),
            ],
        ),
    ]
