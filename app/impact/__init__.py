"""Re-decides all stored receipts under another rulebook or directory, with several processes."""

from app.impact.run import Lines, find_impact, open_processes

__all__ = ["Lines", "find_impact", "open_processes"]
