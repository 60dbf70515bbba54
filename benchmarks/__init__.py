"""The project's own benchmarks: ``make bench``. Ratios and figures of one run on one machine, never tests."""
