//! `--authority-type` and `--azure-region`: authorities that are no tenant of Entra, and regions.

use serde_json::Value;
use test_support::authorities::{self, CA_FILE, EXTERNAL, REGION, USER_FLOW};
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, SECRET, TENANT, USER};
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;

use crate::call::{Call, claims};

const HOST: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

fn get(authority: &str) -> Call {
    Call::new(&["get", "--authority", authority, "--client-id", CONFIDENTIAL])
}

fn with_certificate(authority: &str) -> Call {
    get(authority).and(&["--certificate", &REGISTERED.both()])
}

/// In a region of the worldwide cloud, whose hosts the emulator serves but for the authority itself.
fn in_region(emulator: &Emulator, folder: &Folder, arguments: &[&str]) -> Call {
    let call = Call::new(&["get", "--tenant", TENANT, "--client-id", CONFIDENTIAL, "--retries", "0"]);
    call.and(&[
        "--certificate",
        &REGISTERED.both(),
        "--ca-file",
        &folder.argument(CA_FILE),
    ])
    .and(&["--proxy", &authorities::proxy(emulator)])
    .and(arguments)
}

#[test]
fn adfs_gets_an_rs256_assertion_and_the_resource_by_itself() {
    let emulator = Emulator::start();
    let authority = format!("{}/adfs", emulator.address());
    let token = with_certificate(&authority).succeed();
    assert_eq!(claims(&token)["aud"], "urn:microsoft:userinfo");
    let token = with_certificate(&authority)
        .and(&["--scope", "https://api.contoso.example/.default"])
        .succeed();
    assert_eq!(claims(&token)["aud"], "https://api.contoso.example");
    let journal = emulator.journal();
    assert_eq!(journal[0]["assertion"]["header"]["alg"], "RS256");
    assert!(journal[0]["form"]["client_info"].is_null());
    assert_eq!(journal[1]["form"]["resource"], "https://api.contoso.example");
}

#[test]
fn a_user_signs_in_at_adfs() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let call = get(&format!("{}/adfs", emulator.address()))
        .and_secret("--password-file", &folder, PASSWORD)
        .and_secret("--client-secret-file", &folder, SECRET)
        .and(&["--username", USER, "--scope", "https://api.contoso.example/read"]);
    let answer = call.succeed_json();
    assert_eq!(answer["username"], USER);
    assert_eq!(claims(answer["access_token"].as_str().unwrap())["scp"], "read");
}

#[test]
fn a_user_flow_of_b2c_gives_tokens_for_its_apis() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let flow = format!("{}/{TENANT}/B2C_1_SignIn", emulator.address());
    let b2c = |arguments: &[&str]| with_certificate(&flow).and(&["--authority-type", "B2C"]).and(arguments);
    let token = b2c(&["--scope", "api://x/.default"]).succeed();
    assert_eq!(claims(&token)["aud"], "api://x");
    let tfp = format!("{}/tfp/{TENANT}/B2C_1_SignIn", emulator.address());
    with_certificate(&tfp).and(&["--scope", "api://x/.default"]).succeed();
    assert!(b2c(&[]).fail(3).contains("No scope was given"));
    assert!(b2c(&["--device-code"]).fail(3).contains("device code"));
    assert_eq!(emulator.journal().len(), 2, "the last two sent nothing");
    emulator.add_fault("error=AADB2C90118");
    let error = b2c(&["--username", USER])
        .and_secret("--password-file", &folder, "x")
        .fail(9);
    assert!(
        error.contains("AADB2C90118") && error.contains("resets passwords"),
        "{error}"
    );
}

#[test]
fn an_openid_connect_issuer_is_discovered() {
    let (emulator, folder) = (
        Emulator::start_with(&["--oidc-auth-method", "client_secret_basic"]),
        Folder::new(),
    );
    let issuer = format!("{}/oidc", emulator.address());
    let oidc = || get(&issuer).and(&["--authority-type", "oidc", "--scope", "read"]);
    let token = oidc().and_secret("--client-secret-file", &folder, SECRET).succeed();
    assert_eq!(claims(&token)["iss"], issuer);
    let journal = emulator.journal();
    assert_eq!(journal[0]["path"], "/oidc/.well-known/openid-configuration");
    assert!(journal[1]["form"]["client_secret"].is_null() && !journal[1]["headers"]["authorization"].is_null());
    let error = oidc().and(&["--certificate", &REGISTERED.both()]).fail(3);
    assert!(error.contains("token_endpoint_auth_methods_supported"), "{error}");
    let other = format!("{}/{TENANT}", emulator.address());
    let error = get(&other)
        .and(&["--authority-type", "oidc"])
        .and_secret("--client-secret-file", &folder, SECRET)
        .fail(11);
    assert!(error.contains(".well-known/openid-configuration"), "{error}");
}

#[test]
fn hosts_of_b2c_and_of_external_tenants_tell_their_kind() {
    let folder = Folder::new();
    let emulator = authorities::start(&folder);
    for (authority, scope) in [
        (EXTERNAL, "https://graph.microsoft.com/.default"),
        (USER_FLOW, "api://x/.default"),
    ] {
        let call = Call::new(&[
            "get",
            "--authority",
            authority,
            "--client-id",
            CONFIDENTIAL,
            "--scope",
            scope,
        ])
        .and_secret("--client-secret-file", &folder, SECRET)
        .and(&[
            "--ca-file",
            &folder.argument(CA_FILE),
            "--proxy",
            &authorities::proxy(&emulator),
        ]);
        let issuer = claims(&call.succeed())["iss"].as_str().unwrap().to_owned();
        let expected = if authority == EXTERNAL {
            ".ciamlogin.com/"
        } else {
            "https://contoso.b2clogin.com/"
        };
        assert!(issuer.contains(expected), "{issuer}");
    }
}

#[test]
fn the_region_answers_in_place_of_the_authority() {
    let folder = Folder::new();
    let emulator = authorities::start(&folder);
    let issuer = |token: &str| claims(token)["iss"].as_str().unwrap_or_default().to_owned();
    let regional = format!("https://{REGION}.login.microsoft.com/");
    let token = in_region(&emulator, &folder, &["--azure-region", "WestEurope"]).succeed();
    assert!(issuer(&token).starts_with(&regional));
    // Found in the variable, and by the metadata service, which no proxy leads to.
    let auto = || in_region(&emulator, &folder, &["--azure-region", "auto"]);
    assert!(issuer(&auto().variable("REGION_NAME", "West Europe").succeed()).starts_with(&regional));
    let machine = Emulator::start_with(&["--region", REGION]);
    assert!(issuer(&auto().variable(HOST, machine.address()).succeed()).starts_with(&regional));
    let asked = &machine.journal()[0];
    assert_eq!(asked["path"], "/metadata/instance/compute");
    assert_eq!(asked["query"]["api-version"], "2021-02-01");
    // Nowhere else: the authority itself is asked, which this proxy does not lead to.
    let nowhere = Emulator::start();
    let error = auto().variable(HOST, nowhere.address()).and(&["--verbose"]).fail(6);
    assert!(error.contains("region of this machine was not found"), "{error}");
    assert!(error.contains("login.microsoftonline.com"), "{error}");
}

#[test]
fn a_region_is_refused_for_users_and_for_other_authorities() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let region = ["--azure-region", REGION];
    let refused = |call: Call, says: &str| {
        let error = call.and(&region).fail(3);
        assert!(error.contains(says), "{error}");
    };
    let user = Call::get(&emulator, CONFIDENTIAL).and(&["--username", USER]);
    refused(user.and_secret("--password-file", &folder, "x"), "tokens for users");
    refused(
        Call::get(&emulator, CONFIDENTIAL).and(&["--device-code"]),
        "tokens for users",
    );
    refused(
        with_certificate(&format!("{}/adfs", emulator.address())),
        "AD FS has no regional endpoints",
    );
    assert!(emulator.journal().is_empty());
    for value in ["evil.example/", "west europe", "west-europe"] {
        let error = with_certificate(&emulator.authority())
            .and(&["--azure-region", value])
            .fail(2);
        assert!(error.contains("letters and digits"), "{error}");
    }
    let error = Call::new(&["get", "--managed-identity", "--azure-region", REGION]).fail(2);
    assert!(error.contains("cannot be used with"), "{error}");
}

#[test]
fn shared_tenants_are_refused_before_anything_is_sent() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    for tenant in [
        "common",
        "organizations",
        "consumers",
        "9188040d-6c67-4c5b-b112-36a304b66dad",
    ] {
        let authority = format!("{}/{tenant}", emulator.address());
        let error = with_certificate(&authority).fail(3);
        assert!(error.contains(tenant), "{error}");
        let assertion = with_certificate(&authority).and_secret("--user-assertion-file", &folder, "a.b.c");
        assert!(assertion.fail(3).contains(tenant));
        let federated = get(&authority).and_secret("--federated-token-file", &folder, "a.b.c");
        assert!(federated.fail(3).contains(tenant));
        let password = get(&authority)
            .and(&["--username", USER])
            .and_secret("--password-file", &folder, PASSWORD)
            .and_secret("--client-secret-file", &folder, SECRET);
        if tenant == "organizations" {
            password.succeed();
        } else {
            assert!(password.fail(3).contains("personal accounts"));
        }
    }
    assert_eq!(emulator.journal().len(), 1, "{:?}", emulator.journal());
}

#[test]
fn a_type_that_the_address_contradicts_is_refused() {
    let emulator = Emulator::start();
    for (kind, path, says) in [
        ("adfs", TENANT, "/adfs"),
        ("b2c", TENANT, "no policy"),
        ("aad", "adfs", "neither a GUID nor a domain"),
    ] {
        let authority = format!("{}/{path}", emulator.address());
        let error = with_certificate(&authority).and(&["--authority-type", kind]).fail(3);
        assert!(error.contains(says), "{error}");
    }
    let error = with_certificate(&emulator.authority())
        .and(&["--authority-type", "okta"])
        .fail(2);
    assert!(
        error.contains("[possible values: aad, adfs, b2c, ciam, oidc]"),
        "{error}"
    );
}

#[test]
fn a_diagnosis_knows_the_kinds_and_does_not_ask_for_the_region() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let machine = Emulator::start_with(&["--region", REGION]);
    let doctor = |authority: &str, arguments: &[&str]| -> Vec<Value> {
        let call = Call::new(&[
            "doctor",
            "--authority",
            authority,
            "--client-id",
            CONFIDENTIAL,
            "--json",
        ])
        .and_secret("--client-secret-file", &folder, SECRET)
        .variable(HOST, machine.address())
        .and(arguments);
        let outcome = call.run();
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        serde_json::from_str(&outcome.stdout).unwrap()
    };
    for (path, arguments) in [
        ("adfs".to_owned(), &[][..]),
        ("oidc".to_owned(), &["--authority-type", "oidc"]),
        (format!("{TENANT}/B2C_1_SignIn"), &["--authority-type", "b2c"]),
        (TENANT.to_owned(), &["--azure-region", "auto"]),
    ] {
        let findings = doctor(&format!("{}/{path}", emulator.address()), arguments);
        let failed = findings.iter().find(|finding| finding["status"] == "Failed");
        assert!(failed.is_none(), "{path}: {failed:?}");
    }
    assert!(machine.journal().is_empty());
}
