"""Finding and describing GGUF files."""
