"""People, what opens the API for them, and act-as."""

from waymark.accounts.models.acting import Acting
from waymark.accounts.models.credential import A_YEAR, TOKEN_PREFIX, ApiClient, PersonalToken
from waymark.accounts.models.user import User

__all__ = ["A_YEAR", "TOKEN_PREFIX", "Acting", "ApiClient", "PersonalToken", "User"]
