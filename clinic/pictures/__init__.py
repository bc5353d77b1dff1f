"""Pictures of every page, for whoever looks after their looks. Made by ``manage.py screenshots``; nothing else imports it."""
