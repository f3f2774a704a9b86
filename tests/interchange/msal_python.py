"""Writes token caches with MSAL Python, or prints what it finds in them. It uses no network.

    msal_python.py write APPLICATION_FILE USER_FILE
    msal_python.py read APPLICATION_FILE USER_FILE
    msal_python.py sign-out USER_FILE
    msal_python.py write-family USER_FILE
    msal_python.py read-family USER_FILE

One file contains a token of the application, the other the tokens of a user; they may be the same file. `read` prints
one JSON object.
"""

import base64
import json
import sys
import time

import msal

CLIENT = "11111111-2222-3333-4444-555555555555"
OTHER_CLIENT = "66666666-7777-8888-9999-000000000000"
TENANT = "contoso.onmicrosoft.com"
AUTHORITY = "https://login.microsoftonline.com/" + TENANT
CLOUD = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"]
APPLICATION = ["https://graph.microsoft.com/.default"]
USER = ["User.Read"]
# The year 2100: a fixture must not expire.
FOREVER = 4102444800


def base64url(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class Answer:
    def __init__(self, body, status_code=200):
        self.text, self.status_code, self.headers = json.dumps(body), status_code, {}

    def raise_for_status(self):
        pass


class Service:
    """Answers in place of the network: one token for the application and one for the user."""

    def __init__(self):
        self.token_requests, self.family, self.sent = 0, {}, []

    def get(self, url, **_):
        if "discovery/instance" in url:
            metadata = {"preferred_network": CLOUD[0], "preferred_cache": CLOUD[1], "aliases": CLOUD}
            return Answer({"tenant_discovery_endpoint": AUTHORITY, "metadata": [metadata]})
        return Answer({
            "authorization_endpoint": AUTHORITY + "/oauth2/v2.0/authorize",
            "token_endpoint": AUTHORITY + "/oauth2/v2.0/token",
            "issuer": AUTHORITY + "/v2.0",
        })

    def post(self, url, data=None, **_):
        self.token_requests += 1
        self.sent.append(data.get("refresh_token"))
        life = {"token_type": "Bearer", "expires_in": int(FOREVER - time.time())}
        if data["grant_type"] == "client_credentials":
            return Answer({**life, "access_token": "application-token-of-MSAL"})
        claims = {"oid": "o", "sub": "s", "tid": "t", "aud": CLIENT, "iss": AUTHORITY, "exp": FOREVER, "iat": 0,
                  "preferred_username": "alice@contoso.com"}
        return Answer({
            **life, "access_token": "user-token-of-MSAL", "refresh_token": "refresh-token-of-MSAL",
            "scope": "User.Read openid profile", "client_info": base64url({"uid": "u", "utid": "t"}),
            **self.family, "id_token": base64url({"alg": "none"}) + "." + base64url(claims) + ".",
        })


class Caches:
    """Applications with caches in files."""

    def __init__(self):
        self.service, self.caches = Service(), {}

    def application(self, path):
        cache = self.caches.setdefault(path, msal.SerializableTokenCache())
        return msal.ConfidentialClientApplication(
            CLIENT, client_credential="s3cret value", authority=AUTHORITY, token_cache=cache, http_client=self.service)

    def of_family(self, path, client):
        """A public client of the family."""
        self.service.family = {"foci": "1"}
        cache = self.caches.setdefault(path, msal.SerializableTokenCache())
        return msal.PublicClientApplication(client, authority=AUTHORITY, token_cache=cache, http_client=self.service)

    def load(self, *paths):
        for path in paths:
            with open(path, encoding="utf-8") as file:
                self.caches[path] = msal.SerializableTokenCache()
                self.caches[path].deserialize(file.read())

    def save(self):
        for path, cache in self.caches.items():
            with open(path, "w", encoding="utf-8") as file:
                file.write(cache.serialize())


def write(application, user):
    caches = Caches()
    assert "access_token" in caches.application(application).acquire_token_for_client(APPLICATION)
    assert "access_token" in caches.application(user).acquire_token_by_refresh_token("given to MSAL", USER)
    caches.save()


def read(application, user):
    caches = Caches()
    caches.load(application, user)
    app = caches.application(user)
    account = next(iter(app.get_accounts()), None)
    refresh_tokens = caches.caches[user].find(msal.TokenCache.CredentialType.REFRESH_TOKEN)
    found = {
        "application": caches.application(application).acquire_token_for_client(APPLICATION),
        "user": account and app.acquire_token_silent(USER, account),
        "username": account and account["username"],
        "refresh_tokens": [token["secret"] for token in refresh_tokens],
        "token_requests": caches.service.token_requests,
        "kept": json.loads(caches.caches[user].serialize()).get("GraphToken") is not None,
    }
    print(json.dumps(found))


def sign_out(user):
    caches = Caches()
    caches.load(user)
    app = caches.application(user)
    app.remove_account(app.get_accounts()[0])
    caches.save()


def write_family(user):
    caches = Caches()
    app = caches.of_family(user, CLIENT)
    assert "access_token" in app.acquire_token_by_refresh_token("given to MSAL", USER)
    caches.save()


def read_family(user):
    """Another application of the family gets a token for the user of the file."""
    caches = Caches()
    caches.load(user)
    app = caches.of_family(user, OTHER_CLIENT)
    token = app.acquire_token_silent(USER, app.get_accounts()[0])
    print(json.dumps({"access_token": token and token.get("access_token"), "sent": caches.service.sent}))


COMMANDS = {
    "write": write, "read": read, "sign-out": sign_out, "write-family": write_family, "read-family": read_family,
}
COMMANDS[sys.argv[1]](*sys.argv[2:])
