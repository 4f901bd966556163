"""Pages about what we hold on a person: why, who read it, what they agreed to; their needs; their data as a file."""
