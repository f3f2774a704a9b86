"""Gets tokens for managed identities with azure-identity, and prints one JSON object: each case with its error.

    identity_peers.py ADDRESS SECRET CLIENT_ID OBJECT_ID RESOURCE_ID
"""

import json
import os
import sys

from azure.identity import ManagedIdentityCredential

address, secret, client_id, object_id, resource_id = sys.argv[1:]
virtual_machine = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": address}
app_service = {"IDENTITY_ENDPOINT": f"{address}/app-service/msi/token", "IDENTITY_HEADER": secret}
machine_learning = {"MSI_ENDPOINT": f"{address}/machine-learning/msi/token", "MSI_SECRET": secret}
cloud_shell = {"MSI_ENDPOINT": f"{address}/cloud-shell/oauth2/token"}

cases = {
    "virtual machine": (virtual_machine, {}),
    "virtual machine, client id": (virtual_machine, {"client_id": client_id}),
    "virtual machine, object id": (virtual_machine, {"identity_config": {"object_id": object_id}}),
    "virtual machine, resource id": (virtual_machine, {"identity_config": {"resource_id": resource_id}}),
    "App Service": (app_service, {}),
    "App Service, client id": (app_service, {"client_id": client_id}),
    "Machine Learning, client id": (machine_learning, {"client_id": client_id}),
    "Cloud Shell": (cloud_shell, {}),
}


def outcome(variables, arguments):
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        ManagedIdentityCredential(**arguments).get_token("https://graph.microsoft.com/.default")
    except Exception as error:  # whatever it is, it is the outcome of the case
        return repr(error)
    finally:
        os.environ.clear()
        os.environ.update(before)


print(json.dumps({name: outcome(*case) for name, case in cases.items()}))
