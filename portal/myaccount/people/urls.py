from django.urls import URLPattern, path

from portal.myaccount.people import answering, giving

urlpatterns: list[URLPattern] = [
    path("", giving.people, name="account_people"),
    path("invite/", giving.invite, name="account_invite"),
    path("business/", giving.new_business, name="account_business_new"),
    path("code/", answering.code, name="account_invitation_code"),
    path("invitations/<uuid:pk>/", answering.invitation, name="account_invitation"),
    path("invitations/<uuid:pk>/withdraw/", giving.withdraw, name="account_invitation_withdraw"),
    path("<int:pk>/", giving.authority, name="account_authority"),
    path("<int:pk>/renew/", giving.renew, name="account_authority_renew"),
]
