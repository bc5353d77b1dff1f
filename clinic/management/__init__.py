"""What ``manage.py`` offers for the whole application; apps bring commands of their own."""
