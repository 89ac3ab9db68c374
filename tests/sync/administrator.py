"""What people do in Salesforce, by its API."""

import requests


def delete(world, sobject, salesforce_id):
    _call(world, "DELETE", sobject, salesforce_id)


def create(world, sobject, **fields):
    _call(world, "POST", sobject, "", fields)


def edit(world, sobject, salesforce_id, **fields):
    _call(world, "PATCH", sobject, salesforce_id, fields)


def _call(world, method, sobject, salesforce_id, body=None):
    token = requests.post(
        f"{world.salesforce_url}/services/oauth2/token",
        data={"grant_type": "client_credentials", "client_id": "sandbox-client-id",
              "client_secret": "sandbox-client-secret"}, timeout=30,
    ).json()["access_token"]  # fmt: skip
    url = f"{world.salesforce_url}/services/data/v67.0/sobjects/{sobject}/{salesforce_id}".rstrip("/")
    answer = requests.request(method, url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert answer.ok, answer.text
