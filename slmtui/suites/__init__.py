"""Task suites: data sets, scorers, and the runner that takes paired items through every arm."""
