"""How a clinic's variant becomes an edition: a doctor reads and signs it or sends it back; and the editions of a clinic."""
