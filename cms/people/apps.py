from wagtail.users.apps import WagtailUsersAppConfig


class StaffAccountsConfig(WagtailUsersAppConfig):
    """Wagtail's own app of user accounts, with our screens for them."""

    user_viewset = "cms.people.viewsets.StaffViewSet"
