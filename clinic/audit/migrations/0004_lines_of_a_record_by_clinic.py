from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_looks_of_a_kind_on_a_page'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='readline',
            name='reads_by_subject',
        ),
        migrations.AddIndex(
            model_name='auditline',
            index=models.Index(fields=['clinic', 'subject_type', 'subject_id', 'at'], name='audit_of_a_record'),
        ),
        migrations.AddIndex(
            model_name='readline',
            index=models.Index(fields=['clinic', 'subject_type', 'subject_id', 'at'], name='reads_of_a_record'),
        ),
    ]
