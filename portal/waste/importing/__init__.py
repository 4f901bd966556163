"""Files of the waste contractor: rounds, collections with bins, crew logs, holiday shifts.

`csv_file` reads lines and says by number and reason what is wrong with one; each other module takes one kind of file.
The columns are described in `docs/operators/rounds.md`.
"""
