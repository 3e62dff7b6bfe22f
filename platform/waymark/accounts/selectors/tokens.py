"""Reading tokens, clients, and who looked through whose eyes."""

from django.db.models import QuerySet

from waymark.accounts.models import Acting, ApiClient, PersonalToken
from waymark.core.actors import Actor


def tokens_of(actor: Actor) -> QuerySet[PersonalToken]:
    """A person's own tokens, newest first; nobody else reads them."""
    if actor.kind != "person" or actor.acting_as is not None:
        return PersonalToken.objects.none()
    return PersonalToken.objects.filter(user_id=actor.user_id or 0)


def clients_all() -> QuerySet[ApiClient]:
    """Every API client with its name and maker; for site admins."""
    return ApiClient.objects.select_related("client", "created_by").order_by("-created_at", "pk")


def actings_through(person_id: int) -> QuerySet[Acting]:
    """Who looked through this person's eyes, latest first."""
    return Acting.objects.filter(person_id=person_id).select_related("admin").order_by("-started_at", "-id")
