"""What an import stores: drafts of rows, chunks in one transaction each, and what became of every row."""
