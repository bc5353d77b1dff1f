"""``manage.py benchmark product``: pages of a large clinic under gunicorn, beside a bare Django floor on the same rows."""
