"""What is known about conditions and how it is kept: the method, the library, its editions, variants and pages."""
