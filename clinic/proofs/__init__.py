"""What ``manage.py verify NAME`` runs that belongs to no single app."""
