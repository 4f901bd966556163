from django.urls import URLPattern, path

from barnet.customers.signing_in.sudo import sudo_required
from portal.myaccount.people import answering, giving

urlpatterns: list[URLPattern] = [
    path("", giving.people, name="account_people"),
    path("invite/", sudo_required(giving.invite), name="account_invite"),
    path("business/", giving.new_business, name="account_business_new"),
    path("code/", answering.code, name="account_invitation_code"),
    path("invitations/<uuid:pk>/", sudo_required(answering.invitation), name="account_invitation"),
    path("invitations/<uuid:pk>/withdraw/", sudo_required(giving.withdraw), name="account_invitation_withdraw"),
    path("<int:pk>/", sudo_required(giving.authority), name="account_authority"),
    path("<int:pk>/renew/", sudo_required(giving.renew), name="account_authority_renew"),
]
