"""Batch cleaning: many documents from files to files, on one machine."""
