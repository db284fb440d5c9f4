"""Benchmarks: each a ratio measured in one run.  ``python -m bench [name …]`` runs them."""
