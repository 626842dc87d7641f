"""The life of a handover (CONTRACT 5): its steps as a table, its clocks, and what a step does."""
