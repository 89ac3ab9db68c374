"""What a sync would do: rehearsed on a copy of the ledger, with the functions that a sync itself uses."""
