"""Every course keeps to one edition of the library. Those planned with the edition of this release have its content; of any other edition
only the name is known, as it stands in their plans."""

import hashlib

import django.db.models.deletion
from django.db import migrations, models


def pin_courses(apps, schema_editor):
    from protocols.editions.actions import keep_edition
    from protocols.editions.content import shipped_content

    course, edition = apps.get_model("courses", "Course"), apps.get_model("protocols", "Edition")
    for name, library in course.objects.filter(pinned=None).order_by().values_list("edition", "library_digest").distinct():
        if library == shipped_content().library_digest and name == shipped_content().name:
            digest = keep_edition(shipped_content(), editions=edition, parts=apps.get_model("protocols", "EditionPart"))
        else:
            digest = hashlib.sha256(f"{name}\n{library}".encode()).hexdigest()
            edition.objects.get_or_create(pk=digest, defaults={"name": name, "library_digest": library})
        course.objects.filter(pinned=None, edition=name, library_digest=library).update(pinned=digest)


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0008_the_planning_studio'),
        ('protocols', '0002_editions_and_variants'),
    ]

    operations = [
        migrations.AddField(
            model_name='course',
            name='pinned',
            field=models.ForeignKey(db_column='edition_digest', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courses', to='protocols.edition'),
        ),
        migrations.RunPython(pin_courses, migrations.RunPython.noop),
    ]
