"""What a signed-in resident sees of everything that is theirs."""
