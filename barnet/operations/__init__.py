"""What keeps the house running: periodic jobs, the worker's tasks under operators' eyes, retention, backup, metrics."""
