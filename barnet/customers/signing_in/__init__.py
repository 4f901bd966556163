"""Proving who one is: passwords, codes, passkeys, sessions, other accounts, and the record of what happened."""
