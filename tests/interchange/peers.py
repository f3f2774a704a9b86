"""Gets tokens from an emulator with MSAL Python and azure-identity, and prints one JSON object: each case with its error.

    peers.py AUTHORITY CLIENT_ID CERTIFICATE KEY BOTH SECRET CA_FILE USER_ASSERTION PUBLIC_CLIENT_ID USER PASSWORD
"""

import hashlib
import html
import json
import re
import ssl
import sys
import tempfile
import threading
import urllib.request
import webbrowser

import msal
import requests
from azure.identity import (
    CertificateCredential, ClientSecretCredential, DeviceCodeCredential, InteractiveBrowserCredential, OnBehalfOfCredential,
    WorkloadIdentityCredential)

authority, client_id, certificate, key, both, secret, ca_file, user_assertion = sys.argv[1:9]
public_client_id, user, password = sys.argv[9:]
host, tenant = authority.rsplit("/", 1)
graph = "https://graph.microsoft.com/.default"


def text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def msal_application(credential):
    return msal.ConfidentialClientApplication(
        client_id, authority=authority, client_credential=credential, instance_discovery=False, verify=ca_file)


def by_certificate(**more):
    der = ssl.PEM_cert_to_DER_cert(text(certificate))
    return {"private_key": text(key), "thumbprint": hashlib.sha1(der).hexdigest(), **more}


def msal_case(credential):
    application = msal_application(credential)
    # One assertion serves both.
    answers = [application.acquire_token_for_client([scope]) for scope in (graph, "https://vault.azure.net/.default")]
    return next((answer["error_description"] for answer in answers if "access_token" not in answer), None)


def msal_on_behalf_of():
    answer = msal_application(by_certificate()).acquire_token_on_behalf_of(user_assertion, ["User.Read"])
    return None if "access_token" in answer else answer["error_description"]


def enter(page, user_code):
    form = {"user_code": user_code, "username": user, "password": password, "action": "approve"}
    requests.post(page, data=form, verify=ca_file, timeout=60).raise_for_status()


def msal_device_code():
    application = msal.PublicClientApplication(
        public_client_id, authority=authority, instance_discovery=False, verify=ca_file)
    flow = application.initiate_device_flow(["User.Read"])
    enter(flow["verification_uri"], flow["user_code"])
    answer = application.acquire_token_by_device_flow(flow)
    return None if "access_token" in answer else answer["error_description"]


def msal_token(answer):
    return None if "access_token" in answer else answer["error_description"]


def msal_at(place, **more):
    return msal.ConfidentialClientApplication(client_id, client_credential=secret, verify=ca_file, **place, **more)


def through_emulator():
    # It serves hosts of other names for clients that take it for their proxy.
    return {"proxies": {"https": host.replace("https:", "http:")}}


def msal_adfs(credential):
    application = msal.ConfidentialClientApplication(
        client_id, authority=f"{host}/adfs", client_credential=credential, verify=ca_file)
    return msal_token(application.acquire_token_for_client(["https://api.contoso.example/.default"]))


def msal_adfs_password():
    application = msal_at({"authority": f"{host}/adfs"})
    return msal_token(application.acquire_token_by_username_password(user, password, ["https://api.contoso.example/read"]))


def msal_b2c():
    application = msal_at({"authority": f"{host}/{tenant}/B2C_1_SignIn"})
    return msal_token(application.acquire_token_for_client(["api://x/.default"]))


def msal_external():
    application = msal_at({"authority": "https://contoso.ciamlogin.com"}, **through_emulator())
    return msal_token(application.acquire_token_for_client([graph]))


def msal_oidc():
    return msal_token(msal_at({"oidc_authority": f"{host}/oidc"}).acquire_token_for_client(["read"]))


def msal_password():
    # It asks first where the password is checked (userrealm).
    application = msal_at({"authority": f"https://login.microsoftonline.com/{tenant}"}, **through_emulator())
    return msal_token(application.acquire_token_by_username_password(user, password, ["User.Read"]))


def azure_device_code():
    DeviceCodeCredential(
        public_client_id, tenant_id=tenant, authority=host, disable_instance_discovery=True, connection_verify=ca_file,
        prompt_callback=lambda page, user_code, _: enter(page, user_code)).get_token("User.Read")


class Browser(webbrowser.BaseBrowser):
    """The browser of the user, who signs in wherever it is sent."""

    def open(self, url, new=0, autoraise=True):
        threading.Thread(target=self.sign_in, args=(url,)).start()
        return True

    @staticmethod
    def sign_in(url):
        entries = {"username": user, "password": password, "action": "sign-in"}
        answer = requests.post(url, data=entries, verify=ca_file, timeout=60, allow_redirects=False)
        if "Location" in answer.headers:
            requests.get(answer.headers["Location"], timeout=60)
            return
        target = re.search('action="([^"]*)"', answer.text)[1]
        fields = re.findall('type="hidden" name="([^"]*)" value="([^"]*)"', answer.text)
        requests.post(target, data={name: html.unescape(value) for name, value in fields}, timeout=60)


webbrowser.register("user", None, Browser("user"), preferred=True)


def msal_interactive():
    application = msal.PublicClientApplication(
        public_client_id, authority=authority, instance_discovery=False, verify=ca_file)
    answer = application.acquire_token_interactive(["User.Read"], timeout=60)
    return None if "access_token" in answer else answer["error_description"]


def azure_interactive():
    InteractiveBrowserCredential(
        client_id=public_client_id, tenant_id=tenant, authority=host, disable_instance_discovery=True,
        connection_verify=ca_file, timeout=60).get_token("User.Read")


def azure_case(make, *values, **more):
    more = {"authority": host, "disable_instance_discovery": True, "connection_verify": ca_file, **more}
    make(tenant, client_id, *values, **more).get_token(graph)


def azure_workload():
    query = "issuer=https://oidc.example/cluster&subject=system:serviceaccount:default:workload"
    trust = ssl.create_default_context(cafile=ca_file)
    with tempfile.NamedTemporaryFile("wb") as file:
        with urllib.request.urlopen(f"{host}/_workload-token?{query}", context=trust) as answer:
            file.write(answer.read())
        file.flush()
        WorkloadIdentityCredential(
            tenant_id=tenant, client_id="33333333-3333-3333-3333-333333333333", token_file_path=file.name,
            authority=host, disable_instance_discovery=True, connection_verify=ca_file).get_token(graph)


cases = {
    "MSAL certificate": lambda: msal_case(by_certificate()),
    "MSAL certificate with chain": lambda: msal_case(by_certificate(public_certificate=text(certificate))),
    "MSAL secret": lambda: msal_case(secret),
    "MSAL on behalf of": msal_on_behalf_of,
    "MSAL device code": msal_device_code,
    "MSAL password": msal_password,
    "MSAL AD FS certificate": lambda: msal_adfs(by_certificate()),
    "MSAL AD FS secret": lambda: msal_adfs(secret),
    "MSAL AD FS password": msal_adfs_password,
    "MSAL B2C": msal_b2c,
    "MSAL External ID": msal_external,
    "MSAL OpenID Connect": msal_oidc,
    "azure-identity device code": azure_device_code,
    "MSAL browser": msal_interactive,
    "azure-identity browser": azure_interactive,
    "azure-identity certificate": lambda: azure_case(CertificateCredential, both),
    "azure-identity certificate with chain":
        lambda: azure_case(CertificateCredential, both, send_certificate_chain=True),
    "azure-identity secret": lambda: azure_case(ClientSecretCredential, secret),
    "azure-identity on behalf of":
        lambda: azure_case(OnBehalfOfCredential, client_secret=secret, user_assertion=user_assertion),
    "azure-identity workload": azure_workload,
}


def outcome(case):
    try:
        return case()
    except Exception as error:  # whatever it is, it is the outcome of the case
        return repr(error)


print(json.dumps({name: outcome(case) for name, case in cases.items()}))
