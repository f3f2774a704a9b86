//! A chain and azure-identity's `DefaultAzureCredential` choose the same.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use graphtoken::base::secret::Secret;
use graphtoken::client::Client;
use graphtoken::client::options::Options;
use graphtoken::http::bare::{BareMethod, BareRequest, BareTransport};
use graphtoken::http::https::HttpsTransport;
use graphtoken::request::Request;
use graphtoken::request::grant::ClientCredentials;
use graphtoken::request::scope::Scopes;
use serde_json::{Map, Value, json};
use test_support::developer_tools::DeveloperTools;
use test_support::emulator::{CONFIDENTIAL, Emulator, SECRET, TENANT};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;
use test_support::program::under_test;
use test_support::{federation, machine};

use crate::beside_this;

/// Where both have a credential, a chain uses what `DefaultAzureCredential` uses.
#[test]
#[ignore = "needs azure-identity; the lane interchange runs it"]
fn a_chain_uses_what_azure_identity_uses() {
    let python = env::var_os("GRAPHTOKEN_TEST_MSAL_PYTHON").expect("the variable names a Python");
    let folder = Folder::new();
    let ca_file = folder.argument("ca.pem");
    let workload = federation::arguments();
    let mut own: Vec<&str> = workload.iter().map(String::as_str).collect();
    own.extend(["--tls", "--ca-out", &ca_file]);
    let emulator = Emulator::lenient(&own);
    let machine = machine::start(&[]);
    let tools = [
        DeveloperTools::new().with_az().with_azd(),
        DeveloperTools::new().with_azd(),
        DeveloperTools::new(),
    ];
    let [both, azd, none] = tools.each_ref().map(DeveloperTools::path);
    let token_file = folder.write("token", workload_token(&emulator, &ca_file).expose());
    let certificate = REGISTERED.both();
    let host = ("AZURE_AUTHORITY_HOST", emulator.address());
    let application = [host, ("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", CONFIDENTIAL)];
    let by_secret = [&application[..], &[("AZURE_CLIENT_SECRET", SECRET)]].concat();
    let of_workload = [
        host,
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", federation::WORKLOAD),
        ("AZURE_FEDERATED_TOKEN_FILE", &token_file),
    ];
    let imds = ("AZURE_POD_IDENTITY_AUTHORITY_HOST", machine.address());
    let dev = ("AZURE_TOKEN_CREDENTIALS", "dev");
    let cases = [
        (
            "secret",
            [&by_secret[..], &[imds, ("PATH", &both)]].concat(),
            Some("environment"),
        ),
        (
            "certificate",
            [&application[..], &[("AZURE_CLIENT_CERTIFICATE_PATH", &certificate)]].concat(),
            Some("environment"),
        ),
        (
            "workload",
            [&of_workload[..], &[imds, ("PATH", &both)]].concat(),
            Some("workload identity"),
        ),
        ("machine", vec![imds, ("PATH", &both)], Some("managed identity")),
        (
            "assigned identity",
            vec![imds, ("AZURE_CLIENT_ID", machine::CLIENT_ID)],
            Some("managed identity"),
        ),
        ("az", vec![("PATH", &both)], Some("Azure CLI")),
        ("azd", vec![("PATH", &azd)], Some("Azure Developer CLI")),
        (
            "dev",
            [&by_secret[..], &[dev, imds, ("PATH", &both)]].concat(),
            Some("Azure CLI"),
        ),
        (
            "wrong secret",
            [
                &application[..],
                &[("AZURE_CLIENT_SECRET", "hunter22"), ("PATH", &both)],
            ]
            .concat(),
            None,
        ),
        ("nothing", vec![("PATH", &none)], None),
    ];
    let mut peers = Map::new();
    for (name, variables, expected) in &cases {
        // What comes later replaces what came before, and nothing of this machine's is left.
        let closed = ("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9");
        let mut all: Map<String, Value> = Map::new();
        for (name, value) in [closed, ("PATH", &*none)].iter().chain(variables) {
            all.insert((*name).to_owned(), json!(value));
        }
        assert_eq!(used_here(&all, &ca_file), expected.map(str::to_owned), "{name}");
        peers.insert((*name).to_owned(), Value::Object(all));
    }
    let output = under_test(python)
        .arg(beside_this("chain_peers.py"))
        .args([&ca_file, &Value::Object(peers).to_string()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let used: Map<String, Value> = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}"));
    for (name, _, expected) in cases {
        let expected = expected.map(|link| match link {
            "environment" => "EnvironmentCredential",
            "workload identity" => "WorkloadIdentityCredential",
            "managed identity" => "ManagedIdentityCredential",
            "Azure CLI" => "AzureCliCredential",
            _ => "AzureDeveloperCliCredential",
        });
        assert_eq!(used[name], json!(expected), "{name}: {said}");
    }
}

/// What the chain uses with these variables; `None` if it gets no token.
fn used_here(variables: &Map<String, Value>, ca_file: &str) -> Option<String> {
    let pairs = variables.iter();
    let block = pairs.fold(String::new(), |block, (name, value)| {
        block + name + "=" + value.as_str().unwrap() + "\0"
    });
    let mut options = Options::default();
    options.set("http.ca_file", ca_file).unwrap();
    options.set("identity.variables", &block).unwrap();
    let client = Client::for_chain(&options.client).unwrap();
    let request = Request::new(Arc::new(ClientCredentials), Scopes::default(), options.request);
    let outcome = client.acquire(&request, None);
    let chosen = client.chosen().map(str::to_owned);
    assert_eq!(outcome.is_ok(), chosen.is_some(), "{:?}", outcome.err());
    chosen
}

/// A token for the file of a workload, from an emulator with TLS.
fn workload_token(emulator: &Emulator, ca_file: &str) -> Secret {
    let mut options = Options::default();
    options.set("http.ca_file", ca_file).unwrap();
    let (issuer, subject) = (federation::ISSUER, federation::SUBJECT);
    let url = format!(
        "{}/_workload-token?issuer={issuer}&subject={subject}",
        emulator.address()
    );
    let transport = HttpsTransport::shared(&options.client.transport, &url).unwrap();
    let answer = transport.send(&BareRequest {
        method: BareMethod::Get,
        url: &url,
        headers: &[],
        bearer: &Secret::copy_of(b"none"),
        timeout: Duration::from_secs(60),
    });
    answer.unwrap().body
}
