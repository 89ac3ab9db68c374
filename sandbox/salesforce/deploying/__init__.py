"""Deployments of metadata by REST (deployRequest of the Metadata API), and what they do to the org."""
