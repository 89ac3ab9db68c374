"""Logging in: the client app, its authorize page, its approvals, and the token, revoke and identity addresses."""
