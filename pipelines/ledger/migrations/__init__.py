"""The steps by which the ledger's tables came to their present shape."""
