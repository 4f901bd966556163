"""A request without an account: its reference, and a code that we send to the e-mail address or mobile number that we
have for it. A reference alone shows nothing, and no answer says whether a reference or an address is known. Keeps no
rows: what a browser proved stands in its session, for half an hour."""
