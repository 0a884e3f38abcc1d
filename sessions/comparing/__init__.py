"""The parts of a comparison: the grid of its observations, figures of arms and pairs, fronts, audits."""
