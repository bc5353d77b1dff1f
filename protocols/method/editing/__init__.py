"""Editing by hand: a plan is built as ever, and what a therapist changed is applied to it, edit by edit, under the same hard limits."""
