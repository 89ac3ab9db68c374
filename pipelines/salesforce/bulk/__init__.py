"""Bulk API 2.0 ingest: a job takes a sheet of rows, saves them by itself, and tells later what became of each."""
