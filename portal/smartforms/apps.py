from django.apps import AppConfig


class SmartFormsConfig(AppConfig):
    name = "portal.smartforms"
    label = "smartforms"
