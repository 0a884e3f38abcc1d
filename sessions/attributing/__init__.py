"""The parts of a ledger: what a turn tells, when its calls ran, and the tables that it is shared out in."""
