"""A comparison by hand: one prompt through several arms, kept as a run that grows prompt by prompt."""
