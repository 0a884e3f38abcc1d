"""What the screens show, worked out without Textual, so that it can be tested alone."""
