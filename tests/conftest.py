"""What every test shares: hypothesis profiles, the browser, and no skipping where nothing may be skipped."""

import os

import hypothesis

hypothesis.settings.register_profile("ci", derandomize=True, max_examples=100, deadline=None)
hypothesis.settings.register_profile("night", max_examples=5000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
