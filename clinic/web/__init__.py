"""What every page shares: headers, errors, components, words for the browser. Knows nothing of clinics."""
