"""What would be decided otherwise under another rulebook or directory."""
