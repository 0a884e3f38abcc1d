"""The settings: what is shown, and how one is changed."""
