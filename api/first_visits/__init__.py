"""First visits after care starts, resumes or changes provider: due, confirmed by the provider, or alerted."""
