"""The forms of the editor: each saves one thing and says what ships and what is allowed."""
