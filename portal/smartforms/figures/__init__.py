"""How people get through a form: how many begin, reach each page, stop there and send; how long a page takes; what is
refused. Counted without persons, hours or answers."""
