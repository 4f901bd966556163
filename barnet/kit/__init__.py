"""What every room uses and no room owns: the look, references, input checks, logs. Imports no app."""
