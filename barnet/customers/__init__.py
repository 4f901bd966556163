"""Who: sign-in, the people and businesses known to the council, who may act for whom, and who read whose record."""
