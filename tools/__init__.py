"""What an agent may call: the registry, and one tool a file."""
