"""Clinics, people, roles, and how they sign in. Every view is closed unless it says for whom it is open."""
