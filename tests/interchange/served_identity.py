"""Gets tokens with azure-identity from the endpoint in its environment, and prints one JSON object: each case with its
error.

    served_identity.py CLIENT_ID
"""

import json
import sys

from azure.identity import DefaultAzureCredential, ManagedIdentityCredential

client_id = sys.argv[1]
cases = {
    "managed identity": lambda: ManagedIdentityCredential(),
    "managed identity, client id": lambda: ManagedIdentityCredential(client_id=client_id),
    "default": lambda: DefaultAzureCredential(
        exclude_environment_credential=True, exclude_workload_identity_credential=True),
}


def outcome(credential):
    try:
        credential().get_token("https://vault.azure.net/.default")
    except Exception as error:  # whatever it is, it is the outcome of the case
        return repr(error)


print(json.dumps({name: outcome(credential) for name, credential in cases.items()}))
