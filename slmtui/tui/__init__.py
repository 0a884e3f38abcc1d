"""The Textual app: what a person sees. Nothing outside this package imports Textual."""
