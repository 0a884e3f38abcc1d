"""Reports of a run of suites, as HTML, Markdown and JSON: made from the store alone."""
