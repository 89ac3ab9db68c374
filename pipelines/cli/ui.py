"""The Dagster UI as a command talks to it: over its GraphQL address."""

from typing import Any

import requests

from pipelines.errors import FixAccess, TryLater

_RELOAD = """
mutation Reload($location: String!) {
  reloadRepositoryLocation(repositoryLocationName: $location) {
    __typename
    ... on WorkspaceLocationEntry { locationOrLoadError { __typename ... on PythonError { message } } }
    ... on RepositoryLocationNotFound { message }
    ... on ReloadNotSupported { message }
    ... on UnauthorizedError { message }
    ... on PythonError { message }
  }
}
"""
_longest_reload_seconds = 120


class Ui:
    """One code location in a Dagster UI."""

    def __init__(self, url: str, location: str) -> None:
        self.url, self._location = url.rstrip("/"), location
        self._session = requests.Session()

    def reload(self) -> None:
        """Load the definitions anew; TryLater when the UI does not answer, FixAccess when it cannot load them."""
        answer = self._ask(_RELOAD, location=self._location)["reloadRepositoryLocation"]
        entry = answer.get("locationOrLoadError", answer)
        if entry["__typename"] != "RepositoryLocation":
            first = str(entry.get("message", entry["__typename"])).strip().splitlines()[0]
            raise FixAccess(f"Dagster UI {self.url}: the code location {self._location!r} was not reloaded: {first}")

    def _ask(self, query: str, **variables: str) -> Any:  # noqa: ANN401 - JSON
        body = {"query": query, "variables": variables}
        try:
            answer = self._session.post(f"{self.url}/graphql", json=body, timeout=(2, _longest_reload_seconds))
            answer.raise_for_status()
            return answer.json()["data"]
        except (requests.RequestException, KeyError) as error:
            raise TryLater(f"Dagster UI {self.url} does not answer ({type(error).__name__}); see that it runs, or "
                           "choose another with --ui") from None  # fmt: skip
