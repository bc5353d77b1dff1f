"""The floor: the least that a signed-in Django page does, on the very rows of the large clinic. See ``site``."""
