"""The planning studio: one page on which a plan is bent by hand and stays safe."""
