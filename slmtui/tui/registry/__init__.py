"""The registry of commands, a file for each part of the app; `slmtui.tui.commands` joins them."""
