"""Bulk API 2.0 ingest: a job takes a CSV file and saves its rows later, with the same code as the REST calls."""
