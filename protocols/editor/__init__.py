"""The pages on which a clinical lead changes a protocol, in forms that know the vocabulary."""
