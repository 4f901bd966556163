from django.urls import URLPattern, URLResolver, include, path

from barnet.customers.signing_in.sudo import sudo_required
from portal.myaccount.views import claiming, contact, details, home, messages, push, requests

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="account_home"),
    path("details/", details.details, name="account_details"),
    path("details/language/", details.language, name="account_language"),
    path("details/name/", sudo_required(details.name_and_phone), name="account_name"),
    path("details/address/", sudo_required(details.address), name="account_address"),
    path("requests/", requests.request_list, name="account_requests"),
    path("claim/", claiming.claim, name="account_claim"),
    path("requests/<str:reference>/", requests.request_page, name="account_request"),
    path("requests/<str:reference>/answer/", requests.answer, name="account_answer"),
    path("requests/<str:reference>/reopen/", requests.reopen, name="account_reopen"),
    path("requests/<str:reference>/withdraw/", requests.withdraw, name="account_withdraw"),
    path("requests/<str:reference>/photo/", requests.photo, name="account_photo"),
    path("requests/<str:reference>/file/", requests.file, name="account_file"),
    path("", include("portal.myaccount.held.urls")),
    path("documents/", include("portal.myaccount.seen.urls")),
    path("people/", include("portal.myaccount.people.urls")),
    path("contact/", contact.contact, name="account_contact"),
    path("contact/add/", sudo_required(contact.add), name="account_contact_add"),
    path("contact/<int:pk>/prove/", sudo_required(contact.prove), name="account_contact_prove"),
    path("contact/<int:pk>/prefer/", sudo_required(contact.prefer), name="account_contact_prefer"),
    path("contact/<int:pk>/remove/", sudo_required(contact.remove), name="account_contact_remove"),
    path("contact/topics/<slug:topic>/", contact.topic, name="account_contact_topic"),
    path("contact/notifications/", sudo_required(push.devices), name="account_push"),
    path("contact/notifications/<int:pk>/remove/", sudo_required(push.remove), name="account_push_remove"),
    path("messages/", messages.inbox, name="account_messages"),
    path("messages/<uuid:pk>/", messages.message, name="account_message"),
]
