"""The app in a browser: a server on loopback, a token, and one engine for all windows."""
