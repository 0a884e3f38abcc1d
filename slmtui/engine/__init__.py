"""llama.cpp in a child process: the protocol, the worker's loop, and the client that the app holds."""
