"""Where: addresses by UPRN, areas with validity dates, and the working days of the council."""
