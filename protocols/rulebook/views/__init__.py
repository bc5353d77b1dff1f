"""Pages of the rulebook: a rule tried on answers, a clinic's own rules, its own rules of a course."""
