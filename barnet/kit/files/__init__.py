"""Files that people send, whatever the app: known by their content, scanned, looked into, and given out through a door.

`checking.check_file` is the one gate; `serving.file_response` the one way out. Each app keeps its own rows.
"""
