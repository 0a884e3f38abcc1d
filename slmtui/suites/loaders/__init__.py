"""Data sets as items: one format a file, read from a folder, a file or the Hugging Face hub."""
