"""Staff accounts in the authoring admin: what an administrator does there goes into the record."""

from django.contrib.auth.models import Group

from barnet.customers.enums import StaffChange, StaffSource
from barnet.customers.models import StaffEvent, User

ADD = "/staff/content/users/new/"


def filled(**fields):
    roles = fields.pop("roles")
    groups = list(Group.objects.filter(name__in=roles).values_list("pk", flat=True))
    return {"email": "new@example.com", "first_name": "Nora", "last_name": "New", "groups": groups, **fields}


def edit(user):
    return f"/staff/content/users/edit/{user.pk}/"


def test_administrator_makes_an_account_and_the_record_says_who(anna, as_user):
    answer = as_user(anna).post(ADD, filled(roles=["adviser"]))
    assert answer.status_code == 302
    user = User.objects.get(email="new@example.com")
    event = StaffEvent.objects.get(user=user)
    assert (event.kind, event.source, event.actor) == (StaffChange.JOINED, StaffSource.PAGE, anna)
    assert event.roles == ["adviser"]


def test_administrator_changes_roles_and_then_closes_the_account(anna, edie, as_user):
    page = as_user(anna)
    page.post(edit(edie), filled(roles=["analyst"], is_active="on", first_name="Edith"))
    edie.refresh_from_db()
    assert (edie.first_name, edie.email) == ("Edith", "edie@example.com")
    assert list(edie.groups.values_list("name", flat=True)) == ["analyst"]

    page.post(edit(edie), filled(roles=["analyst"]))
    edie.refresh_from_db()
    assert not edie.is_active
    assert not edie.groups.exists()

    page.post(edit(edie), filled(roles=["editor"], is_active="on"))
    edie.refresh_from_db()
    assert edie.is_active
    kinds = [event.kind for event in StaffEvent.objects.filter(user=edie, actor=anna).order_by("pk")]
    assert kinds == [StaffChange.MOVED, StaffChange.LEFT, StaffChange.JOINED]


def test_new_name_alone_is_no_change_of_roles(anna, edie, as_user):
    as_user(anna).post(edit(edie), filled(roles=["editor"], is_active="on", last_name="Writer"))
    edie.refresh_from_db()
    assert edie.last_name == "Writer"
    assert not StaffEvent.objects.exists()


def test_nobody_changes_their_own_roles(anna, as_user):
    as_user(anna).post(edit(anna), filled(roles=["administrator", "team_lead"]))
    anna.refresh_from_db()
    assert anna.is_active
    assert list(anna.groups.values_list("name", flat=True)) == ["administrator"]
