from django.urls import URLPattern, path

from portal.myaccount.seen import views

urlpatterns: list[URLPattern] = [
    path("", views.document_list, name="account_documents"),
    path("<int:pk>/", views.document, name="account_document"),
    path("<int:pk>/scan/", views.scan, name="account_document_scan"),
    path("<int:pk>/remove/", views.remove_page, name="account_document_remove"),
]
