"""The questions about a patient as form fields, as the pages of patients and courses use them."""

from protocols.asking.fact_fields import THREE_ANSWERS, VALUE, FactQuestion, FactsForm, ZoneGroup, is_reading, zone_groups

__all__ = ["THREE_ANSWERS", "VALUE", "FactQuestion", "FactsForm", "ZoneGroup", "is_reading", "zone_groups"]
