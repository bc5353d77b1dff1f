from django.db import migrations


class Migration(migrations.Migration):
    """Sessions are kept in rows of our own now. The old ones open nothing any more, and may hold messages that name patients."""

    dependencies = [
        ('sessions', '0001_initial'),
        ('staff', '0009_whose_a_browser_is'),
    ]

    operations = [
        migrations.RunSQL('DELETE FROM django_session', migrations.RunSQL.noop),
    ]
