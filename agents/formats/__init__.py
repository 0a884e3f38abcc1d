"""How each model writes a tool call: found out from its chat template, then written, parsed and held to."""
