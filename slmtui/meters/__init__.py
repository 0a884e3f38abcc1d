"""What a turn costs the machine: memory, CPU time and energy of the engine's process."""
