"""The compare screen: what it shows (`view`), rounds (`running`), and commands, a kind a file."""
