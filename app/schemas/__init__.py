"""The shapes on the wire: what clients send, bounded field by field, and what they get back."""
