"""Gets tokens with azure-identity's DefaultAzureCredential, and prints one JSON object: what it used in each case, or null.

    chain_peers.py CA_FILE CASES

CASES is a JSON object with the environment variables of each case.
"""

import json
import os
import sys

from azure.identity import DefaultAzureCredential

ca_file, cases = sys.argv[1], json.loads(sys.argv[2])


def used(variables):
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        credential = DefaultAzureCredential(disable_instance_discovery=True, connection_verify=ca_file)
        credential.get_token("https://graph.microsoft.com/.default")
        return type(credential._successful_credential).__name__
    except Exception as error:  # that there is no token is the outcome of the case
        print(repr(error), file=sys.stderr)
        return None
    finally:
        os.environ.clear()
        os.environ.update(before)


print(json.dumps({name: used(variables) for name, variables in cases.items()}))
