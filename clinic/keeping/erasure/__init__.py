"""A record is erased as far as the clinic need not keep it; two persons decide."""
