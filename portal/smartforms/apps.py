from django.apps import AppConfig


class SmartFormsConfig(AppConfig):
    name = "portal.smartforms"
    label = "smartforms"

    def ready(self) -> None:
        from portal.smartforms.files import kind as files
        from portal.smartforms.kinds import addresses, register

        for kind in (*addresses.KINDS, *files.KINDS):
            register(kind)
