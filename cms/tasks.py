from django.core.management import call_command


def publish_scheduled() -> None:
    """Puts approved pages live, and takes expired ones down, at the time that their editors chose."""
    call_command("publish_scheduled", verbosity=0)
