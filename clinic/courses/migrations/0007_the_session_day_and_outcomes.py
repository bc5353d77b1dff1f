import clinic.audit.append_only
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0006_replanning"),
        ("staff", "__first__"),
    ]

    operations = [
        migrations.AddField(
            model_name="sessionrecord",
            name="digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="given_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="hurts",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="is_as_planned",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="outage_note",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="plan_digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="reactions",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="readings",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="rows",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="source",
            field=models.CharField(
                choices=[
                    ("player", "Given with the player"),
                    ("form", "Given without the player"),
                    ("outage", "Entered afterwards, after an outage"),
                ],
                default="form",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="started_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="stop_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("pain", "Pain that does not settle"),
                    ("dizzy", "Dizziness or nausea"),
                    ("pale", "Cold sweat or pallor"),
                    ("heart", "Palpitation or chest pain"),
                    ("breath", "Breathlessness"),
                    ("nerve", "Pain or tingling shooting into a limb, numbness, weakness, sight or speech"),
                    ("readings", "A reading out of its limits"),
                    ("wish", "The patient asked to stop"),
                    ("other", "Another reason"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="warmth",
            field=models.CharField(blank=True, choices=[("none", "None"), ("pleasant", "Pleasant"), ("hot", "Too hot")], max_length=8),
        ),
        migrations.AddField(
            model_name="sessionrecord",
            name="wellbeing",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="coursereview",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mid-course", "Mid-course review"),
                    ("question", "Question about the course"),
                    ("emergency", "Emergency before or during a session"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("wellbeing__lte", 10), ("wellbeing", None), _connector="OR"), name="wellbeing_is_0_to_10"
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionrecord",
            constraint=clinic.audit.append_only.AppendOnly(name="a_record_is_never_changed"),
        ),
        migrations.AddConstraint(
            model_name="sessionrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["player", "form", "outage"])), name="a_record_says_where_it_comes_from"
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "outage"), _negated=True), models.Q(("outage_note", ""), _negated=True), _connector="OR"
                ),
                name="an_outage_is_explained",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None), models.Q(("ended_at__gte", models.F("started_at")), ("started_at__isnull", False)), _connector="OR"
                ),
                name="a_session_ends_after_it_began",
            ),
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=64)),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acknowledgements", to="courses.sessionrecord"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [clinic.audit.append_only.AppendOnly(name="an_acknowledgement_is_never_changed")],
            },
        ),
        migrations.CreateModel(
            name="AdaptationChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("after_session", models.PositiveSmallIntegerField()),
                ("proposal", models.JSONField()),
                ("chosen", models.JSONField()),
                ("is_edited", models.BooleanField(default=False)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("caution", "More careful than proposed"),
                            ("explained", "The discomfort had another cause"),
                            ("wish", "The patient's wish"),
                            ("finding", "What the hands found"),
                            ("other", "Another reason"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "course",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="adaptation_choices", to="courses.course"),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    clinic.audit.append_only.AppendOnly(name="a_choice_is_never_changed"),
                    models.CheckConstraint(
                        condition=models.Q(("is_edited", False), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="an_edited_proposal_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Addendum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("correction", "Correction"),
                            ("addition", "Addition"),
                            ("later", "Later reaction"),
                            ("other", "Another reason"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "record",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="addenda", to="courses.sessionrecord"),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    clinic.audit.append_only.AppendOnly(name="an_addendum_is_never_changed"),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="an_addendum_says_something"),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["correction", "addition", "later", "other"])), name="an_addendum_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BodyChart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marks", models.JSONField(default=list)),
                ("drawn_on", models.DateField()),
                ("edition", models.CharField(max_length=40)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("course", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="body_charts", to="courses.course")),
                (
                    "session",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.session"),
                ),
            ],
            options={
                "ordering": ["drawn_on", "pk"],
                "constraints": [clinic.audit.append_only.AppendOnly(name="a_body_chart_is_never_changed")],
            },
        ),
        migrations.CreateModel(
            name="MeasureValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=60)),
                ("side", models.CharField(blank=True, max_length=5)),
                ("value", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("words", models.TextField(blank=True)),
                ("moment", models.CharField(max_length=16)),
                ("measured_on", models.DateField()),
                ("reason", models.TextField(blank=True)),
                ("edition", models.CharField(max_length=40)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "course",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="measure_values", to="courses.course"),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by", to="courses.measurevalue"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.session"),
                ),
            ],
            options={
                "ordering": ["measured_on", "pk"],
                "constraints": [
                    clinic.audit.append_only.AppendOnly(name="a_value_is_never_changed"),
                    models.CheckConstraint(condition=models.Q(("side__in", ("", "left", "right"))), name="a_value_is_of_a_known_side"),
                    models.CheckConstraint(
                        condition=models.Q(("value__isnull", False), models.Q(("words", ""), _negated=True), _connector="OR"),
                        name="a_value_is_a_number_or_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replaces", None), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="a_corrected_value_has_a_reason",
                    ),
                ],
                "indexes": [models.Index(fields=["course", "measure", "measured_on"], name="values_of_a_course")],
            },
        ),
        migrations.CreateModel(
            name="NextDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pain", models.PositiveSmallIntegerField(null=True)),
                ("has_skin_or_swelling", models.BooleanField(null=True)),
                ("slept_worse_or_headache", models.BooleanField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("asked", "Asked at the next visit"), ("telephone", "By telephone"), ("link", "By a message")],
                        max_length=9,
                    ),
                ),
                ("answered_on", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="next_days", to="courses.sessionrecord"),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    clinic.audit.append_only.AppendOnly(name="an_answer_of_the_next_day_is_never_changed"),
                    models.CheckConstraint(
                        condition=models.Q(("pain__lte", 10), ("pain", None), _connector="OR"), name="pain_the_next_day_is_0_to_10"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionStart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32, unique=True)),
                ("started_at", models.DateTimeField()),
                ("started_on", models.DateField()),
                ("is_standing_in", models.BooleanField(default=False)),
                ("plan", models.JSONField()),
                ("plan_digest", models.CharField(max_length=64)),
                ("device", models.CharField(blank=True, max_length=32)),
                ("draft", models.JSONField(default=dict)),
                ("closed_at", models.DateTimeField(null=True)),
                ("is_taken_back", models.BooleanField(default=False)),
                (
                    "screening",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.screeningrecord"
                    ),
                ),
                ("session", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="starts", to="courses.session")),
                (
                    "started_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)), fields=("session",), name="a_session_is_begun_once_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_taken_back", False), ("closed_at__isnull", False), _connector="OR"),
                        name="what_is_taken_back_is_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32)),
                ("device", models.CharField(max_length=32)),
                ("seq", models.PositiveIntegerField()),
                ("at_ms", models.PositiveBigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("begun", "Step begun"),
                            ("paused", "Paused"),
                            ("resumed", "Went on"),
                            ("longer", "More time"),
                            ("shorter", "Less time"),
                            ("skipped", "Skipped"),
                            ("hurt", "It hurt"),
                            ("stopped", "Stopped"),
                            ("finished", "Finished"),
                            ("taken-over", "Taken over by another device"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("start", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="events", to="courses.sessionstart")),
            ],
            options={
                "ordering": ["at_ms", "device", "seq"],
                "constraints": [
                    models.UniqueConstraint(fields=("start", "key"), name="an_event_is_kept_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["begun", "paused", "resumed", "longer", "shorter", "skipped", "hurt", "stopped", "finished", "taken-over"],
                            )
                        ),
                        name="an_event_is_of_a_known_kind",
                    ),
                    clinic.audit.append_only.AppendOnly(name="an_event_is_never_changed"),
                ],
            },
        ),
    ]
