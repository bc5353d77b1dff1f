"""Everything that is kept about one patient, for that patient: as data, as FHIR and to read."""
