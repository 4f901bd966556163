from django.urls import path

from portal.workbench.views import addresses, authorities, case, customers, figures, home, queue

urlpatterns = [
    path("", home.home, name="staff_home"),
    path("cases/", queue.case_list, name="staff_cases"),
    path("cases/export/", queue.export, name="staff_cases_export"),
    path("cases/assign/", queue.assign_many, name="staff_cases_assign"),
    path("cases/<str:reference>/", case.case_page, name="staff_case"),
    path("cases/<str:reference>/versions/", case.versions, name="staff_case_versions"),
    path("cases/<str:reference>/<slug:act>/", case.act_on, name="staff_case_act"),
    path("addresses/", addresses.find, name="staff_addresses"),
    path("addresses/reported/", addresses.reported, name="staff_reported_addresses"),
    path("addresses/reported/<int:pk>/", addresses.decide, name="staff_reported_address"),
    path("addresses/<int:uprn>/", addresses.address_page, name="staff_address"),
    path("figures/", figures.figures, name="staff_figures"),
    path("serve/", customers.serve, name="staff_serve"),
    path("serve/new/", customers.new_customer, name="staff_serve_new"),
    path("serve/stop/", customers.stop, name="staff_stop_serving"),
    path("customers/<int:pk>/", customers.customer_page, name="staff_customer"),
    path("customers/<int:pk>/needs/", customers.needs, name="staff_customer_needs"),
    path("customers/<int:pk>/serve/", customers.start, name="staff_start_serving"),
    path("customers/<int:pk>/authority/", authorities.record, name="staff_authority_new"),
    path("authorities/<int:pk>/", authorities.authority, name="staff_authority"),
    path("authorities/<int:pk>/end/", authorities.end, name="staff_authority_end"),
    path("authorities/<int:pk>/renew/", authorities.renew, name="staff_authority_renew"),
    path("authorities/evidence/<int:pk>/", authorities.evidence, name="staff_evidence"),
    path("customers/<int:pk>/contact/", customers.contact, name="staff_customer_contact"),
]
