"""From a bare Python to a running Tactus: standard library only, since nothing is installed yet when this runs."""
