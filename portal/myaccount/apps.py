from django.apps import AppConfig


class MyaccountConfig(AppConfig):
    name = "portal.myaccount"
    label = "myaccount"
    verbose_name = "My Account"
