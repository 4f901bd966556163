"""Open311 GeoReport v2: other systems read what may be reported to us, report it, and read what became of it.

It owns which services are open to it, and which request came through it. Nothing here is a second kind of request:
`portal.cases` receives, promises and tells.
"""
