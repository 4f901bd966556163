"""The composition root: every address of the portal."""

from django.conf import settings
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from barnet.customers import interface_language
from barnet.kit.api_schema import api_schema
from barnet.kit.storage import media
from barnet.notifications.push.views import worker as push_worker
from barnet.operations.metrics_views import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", include("barnet.kit.urls")),
    path("metrics", metrics, name="metrics"),
    path("addresses/", include("barnet.gazetteer.urls")),
    path("services/", include("barnet.catalogue.urls")),
    path("account/", include("portal.myaccount.urls")),
    path("account/requests/", include("portal.smartforms.results.urls")),
    path("account/", include("barnet.customers.urls")),
    path("requests/", include("portal.cases.urls")),
    path("track/", include("portal.tracking.urls")),
    path("report/", include("portal.reports.urls")),
    path("chat/", include("portal.chat.urls")),
    path("feedback/", include("portal.feedback.urls")),
    path("field/", include("portal.field.urls")),
    path("crews/", include("portal.field.open_urls")),
    path("bins/", include("portal.waste.urls")),
    path("forms/", include("portal.smartforms.urls")),
    path("api/schema/", api_schema, name="api_schema"),
    path("api/v1/forms/", include("portal.smartforms.api.urls")),
    path("api/v1/back-offices/", include("portal.cases.delivery.urls")),
    path("api/open311/v2/", include("portal.open311.urls")),
    path("api/v1/waste/", include("portal.waste.api_urls")),
    path("staff/content/", include("barnet.customers.content_urls")),
    path("staff/content/", include("cms.staff_urls")),
    path("staff/content/", include(wagtailadmin_urls)),
    path("staff/security/", include("barnet.customers.staff.staff_urls")),
    path("staff/messages/", include("barnet.notifications.urls")),
    path("staff/rounds/", include("portal.waste.staff_urls")),
    path("staff/forms/", include("portal.smartforms.exporting.urls")),
    path("staff/forms/", include("portal.smartforms.asking.urls")),
    path("staff/reports/", include("portal.reports.staff_urls")),
    path("staff/chat/", include("portal.chat.staff_urls")),
    path("staff/feedback/", include("portal.feedback.staff_urls")),
    path("staff/documents/", include("portal.documents.staff_urls")),
    path("staff/crews/", include("portal.field.staff_urls")),
    path("staff/answers/", include("portal.smartforms.results.staff_urls")),
    path("staff/", include("barnet.operations.urls")),
    path("language/", interface_language.choose, name="language"),
    path("push-worker.js", push_worker, name="push_worker"),
    path("notifications/notify/", include("barnet.notifications.notify.urls")),
    path("staff/", include("portal.workbench.urls")),
    path("visit/", include("portal.workbench.visit_urls")),
    path("documents/", include(wagtaildocs_urls)),
    re_path(r"^media/(?P<path>.*)$", media, name="media"),
]

if settings.DEVELOPMENT:
    urlpatterns += [
        path("kit/", include("barnet.kit.showcase_urls")),
        path("kit/questions/", include("portal.smartforms.showcase")),
        path("mailbox/", include("barnet.notifications.mailbox_urls")),
        path("demo/", include("demo.urls")),
    ]

urlpatterns += [
    *staticfiles_urlpatterns(),
    path("", include("cms.urls")),
    path("", include(wagtail_urls)),
]

handler400 = "barnet.kit.views.bad_request"
handler403 = "barnet.kit.views.forbidden"
handler404 = "barnet.kit.views.not_found"
handler500 = "barnet.kit.views.server_error"
