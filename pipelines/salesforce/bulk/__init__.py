"""Bulk API 2.0: ingest jobs take a sheet of rows and save them by themselves, query jobs answer with files."""
