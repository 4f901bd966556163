"""Pages at /staff/rounds/."""

from django.urls import include, path

from portal.waste.orders import delivery_views as deliveries
from portal.waste.orders import fee_views as fees
from portal.waste.views import notices, performance

urlpatterns = [
    path("", notices.notice_list, name="staff_rounds"),
    path("deliveries/", deliveries.delivery_list, name="staff_deliveries"),
    path("deliveries/settle/", deliveries.settle, name="staff_deliveries_settle"),
    path("fees/", fees.fee_list, name="staff_order_fees"),
    path("assisted/", include("portal.waste.assisted.staff_urls")),
    path("performance/", performance.performance, name="staff_rounds_performance"),
    path("notices/new/<slug:kind>/", notices.new_notice, name="staff_notice_new"),
    path("notices/<int:pk>/", notices.notice_page, name="staff_notice"),
    path("notices/<int:pk>/words/", notices.reword, name="staff_notice_reword"),
    path("notices/<int:pk>/withdraw/", notices.withdraw, name="staff_notice_withdraw"),
]
