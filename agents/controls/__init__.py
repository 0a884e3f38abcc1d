"""The controls of a fair comparison: arms that differ from the paradigms in as little as possible."""
