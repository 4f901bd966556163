from django.urls import include, path

from portal.waste.orders import views as orders
from portal.waste.views import days, missed, reminders

urlpatterns = [
    path("", days.bins, name="bins"),
    path("reported/<str:proof>/", missed.reported, name="missed_bin_reported"),
    path("reminders/confirm/<str:proof>/", reminders.confirm, name="reminders_confirm"),
    path("reminders/end/<str:proof>/", reminders.end, name="reminders_end"),
    path("order/", orders.begin, name="containers_begin"),
    path("ordered/<str:proof>/", orders.ordered, name="containers_ordered"),
    path("what-goes-where/", include("portal.waste.sorting.urls")),
    path("", include("portal.waste.assisted.urls")),
    path("<str:uprn>/", days.collection_days, name="collection_days"),
    path("<str:uprn>/collections.ics", days.collections_feed, name="collections_feed"),
    path("<str:uprn>/reminders/", reminders.reminders, name="reminders"),
    path("<str:uprn>/save/", days.save_address, name="save_address"),
    path("<str:uprn>/order/", orders.choose, name="containers_choose"),
    path("<str:uprn>/order/details/", orders.tell, name="containers_tell"),
    path("<str:uprn>/order/check/", orders.check, name="containers_check"),
    path("<str:uprn>/missed/", missed.choose, name="missed_bin_choose"),
    path("<str:uprn>/missed/details/", missed.tell, name="missed_bin_tell"),
    path("<str:uprn>/missed/check/", missed.check, name="missed_bin_check"),
]
