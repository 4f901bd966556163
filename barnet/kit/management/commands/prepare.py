from typing import Any

from django.core.management.base import BaseCommand

from barnet.kit import ground


class Command(BaseCommand):
    help = "Lays the rows that the portal cannot live without. Safe to run at every start."

    def handle(self, *args: Any, **options: Any) -> None:
        width = max(map(len, ground.names()), default=0)
        for name, said in ground.lay():
            if options["verbosity"]:
                self.stdout.write(f"{name.ljust(width)}  {said}")
