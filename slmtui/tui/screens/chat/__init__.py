"""The chat: what it shows (`view`), sessions (`opening`), turns (`running`), and commands, a kind a file."""
