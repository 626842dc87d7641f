"""Re-decides all stored receipts under another rulebook or directory, with several processes."""

from app.impact.run import Lines, Tell, find_impact, open_processes

__all__ = ["Lines", "Tell", "find_impact", "open_processes"]
