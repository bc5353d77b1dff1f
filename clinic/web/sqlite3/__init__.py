"""Django's own way to SQLite, for a connection that is kept from one request to the next: opening the file reads all that it is made of."""
