"""Assessments of providers (PAMMS) as a process: visited, drafted, with the provider, fixed, published. A draft never counts."""
