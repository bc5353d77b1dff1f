"""The Django project and the clinic's daily work."""
