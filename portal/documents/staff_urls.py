"""Pages at /staff/documents/."""

from django.urls import path

from portal.documents import views

urlpatterns = [
    path("customers/<int:pk>/", views.customer_documents, name="staff_documents"),
    path("customers/<int:pk>/add/", views.add, name="staff_document_add"),
    path("requests/<str:reference>/", views.case_documents, name="staff_case_documents"),
    path("<int:pk>/", views.document_page, name="staff_document"),
    path("<int:pk>/scan/", views.scan, name="staff_document_scan"),
    path("<int:pk>/withdraw/", views.withdraw_page, name="staff_document_withdraw"),
]
