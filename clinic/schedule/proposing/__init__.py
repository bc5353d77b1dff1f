"""Proposing dates: pure, deterministic, without database or clock. ``values`` says what goes in and what comes out."""
