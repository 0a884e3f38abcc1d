"""The paradigms, the events they yield, and what they say to a model."""
