"""What lasts: the store, the ledger, replay, comparison and export."""
