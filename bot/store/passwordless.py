"""Azure's PostgreSQL without a password: tokens of a managed identity take its place."""

from collections.abc import Callable

from msal import ManagedIdentityClient, UserAssignedManagedIdentity
from requests import RequestException, Session
from sqlalchemy.exc import SQLAlchemyError

RESOURCE = "https://ossrdbms-aad.database.windows.net"  # Azure's databases of open source


def passwords(client_id: str) -> Callable[[], str]:
    """Gives the password of the moment; it holds for the opening of a connection.

    The client keeps tokens until shortly before they expire.
    """
    identity = UserAssignedManagedIdentity(client_id=client_id)
    client = ManagedIdentityClient(identity, http_client=Session())

    def password() -> str:
        try:
            answer = client.acquire_token_for_client(resource=RESOURCE)
        except RequestException as error:
            answer = {"error": type(error).__name__}
        if "access_token" not in answer:
            msg = f"the managed identity gives no token for the database ({answer['error']})"
            raise SQLAlchemyError(msg)
        return str(answer["access_token"])

    return password
