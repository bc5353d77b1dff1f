# Courses that run and finish, and what was given.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def only_drafts(apps, schema_editor):
    """Before there was nothing but drafts, and those that were put away."""
    apps.get_model("courses", "Course").objects.filter(state__in=("running", "finished")).update(state="draft", started_on=None, finished_on=None)


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0001_courses_and_sessions'),
        ('patients', '0002_documents_seen_on_paper'),
        ('staff', '0002_sent_forms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SessionRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_on', models.DateField()),
                ('comfort', models.PositiveSmallIntegerField(null=True)),
                ('pain_before', models.PositiveSmallIntegerField(null=True)),
                ('pain_after', models.PositiveSmallIntegerField(null=True)),
                ('bad_reaction', models.BooleanField(default=False)),
                ('note', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['session'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='course',
            name='a_course_is_in_a_known_state',
        ),
        migrations.AddField(
            model_name='course',
            name='finished_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='course',
            name='started_on',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='course',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('discarded', 'Discarded'), ('running', 'Running'), ('finished', 'Finished')], default='draft', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='course',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'discarded', 'running', 'finished'])), name='a_course_is_in_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='course',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('started_on__isnull', False), ('state__in', ('running', 'finished'))), models.Q(models.Q(('state__in', ('running', 'finished')), _negated=True), ('started_on', None)), _connector='OR'), name='a_course_that_was_begun_has_the_day'),
        ),
        migrations.AddConstraint(
            model_name='course',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_on__gte', models.F('started_on')), ('finished_on__isnull', False), ('state', 'finished')), models.Q(models.Q(('state', 'finished'), _negated=True), ('finished_on', None)), _connector='OR'), name='a_finished_course_has_its_last_day'),
        ),
        migrations.AddField(
            model_name='sessionrecord',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sessionrecord',
            name='session',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='record', to='courses.session'),
        ),
        migrations.AddConstraint(
            model_name='sessionrecord',
            constraint=models.CheckConstraint(condition=models.Q(('comfort__lte', 10), ('comfort', None), _connector='OR'), name='comfort_is_0_to_10'),
        ),
        migrations.AddConstraint(
            model_name='sessionrecord',
            constraint=models.CheckConstraint(condition=models.Q(('pain_before__lte', 10), ('pain_before', None), _connector='OR'), name='pain_before_is_0_to_10'),
        ),
        migrations.AddConstraint(
            model_name='sessionrecord',
            constraint=models.CheckConstraint(condition=models.Q(('pain_after__lte', 10), ('pain_after', None), _connector='OR'), name='pain_after_is_0_to_10'),
        ),
        # Undone first: what the version before does not know becomes what it knows.
        migrations.RunPython(migrations.RunPython.noop, only_drafts),
    ]
