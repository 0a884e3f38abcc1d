"""Statistics of paired comparisons, with numpy alone: each a small function with its source."""
