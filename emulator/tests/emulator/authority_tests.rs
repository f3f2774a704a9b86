//! The authorities beside the tenants of Entra: AD FS, B2C, External ID, an OpenID Connect issuer; and what clients ask
//! about authorities.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use test_support::answer::Answer;
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT, USER};

use crate::answer::{TokenAnswer as _, claims};
use crate::signed_assertion::SignedAssertion;
use crate::token_request::{FORM, TokenEndpoint as _, changed, encoded, with_password, with_secret};

fn get(emulator: &Emulator, path: &str) -> Answer {
    emulator.client().send("GET", path, &[], b"").unwrap()
}

/// Checks an answer without a number.
#[track_caller]
fn assert_plain(answer: &Answer, error: &str, part: &str) {
    let json = answer.json();
    assert_eq!(json["error"], error, "{json}");
    assert!(json.get("error_codes").is_none(), "{json}");
    let description = json["error_description"].as_str().unwrap();
    assert!(description.contains(part) && !description.contains("AADSTS"), "{json}");
}

fn assertion_for(emulator: &Emulator, path: &str, mut assertion: SignedAssertion) -> Answer {
    assertion.claims["aud"] = format!("{}{path}", emulator.address()).into();
    let text = assertion.text();
    let fields = [
        ("client_id", CONFIDENTIAL),
        ("client_assertion_type", crate::signed_assertion::ASSERTION_TYPE),
        ("client_assertion", &text),
        ("grant_type", "client_credentials"),
    ];
    emulator.post_to(path, &fields)
}

const ADFS: &str = "/adfs/oauth2/token";

#[test]
fn adfs_takes_rs256_with_x5t_and_nothing_else() {
    let emulator = Emulator::start();
    let issued = assertion_for(&emulator, ADFS, SignedAssertion::rs256(&emulator)).access_claims();
    assert_eq!(issued["aud"], "urn:microsoft:userinfo");
    assert_eq!(issued["iss"], format!("{}/adfs", emulator.address()));
    let refused = assertion_for(&emulator, ADFS, SignedAssertion::new(&emulator));
    assert_plain(&refused, "invalid_client", "RS256");
}

#[test]
fn adfs_has_a_parameter_for_the_resource_and_no_client_info() {
    let emulator = Emulator::start();
    let api = "https://api.contoso.example";
    let fields = [
        changed(&with_password(), "scope", "openid read"),
        vec![("resource", api), ("client_info", "1")],
    ];
    let answer = emulator.post_to(ADFS, &fields.concat());
    let issued = answer.access_claims();
    assert_eq!((&issued["aud"], &issued["scp"]), (&json!(api), &json!("read")));
    let body = answer.json();
    assert!(body.get("client_info").is_none(), "{body}");
    let id = claims(body["id_token"].as_str().unwrap());
    assert_eq!((&id["upn"], id.get("oid")), (&json!(USER), None));
    let wrong = changed(&with_password(), "password", "wrong");
    assert_plain(
        &emulator.post_to(ADFS, &wrong),
        "invalid_grant",
        "invalid username or password",
    );
}

#[test]
fn a_user_flow_has_its_own_refresh_tokens_and_numbers() {
    let emulator = Emulator::start();
    let flow = |name: &str| format!("/{TENANT}/{name}/oauth2/v2.0/token");
    let fields = changed(&with_password(), "client_info", "1");
    let answer = emulator.post_to(&flow("B2C_1_SignIn"), &fields);
    let (body, issued) = (answer.json(), answer.access_claims());
    assert!(issued["iss"].as_str().unwrap().ends_with("/v2.0/"), "{issued}");
    let info = URL_SAFE_NO_PAD.decode(body["client_info"].as_str().unwrap()).unwrap();
    let info: Value = serde_json::from_slice(&info).unwrap();
    assert!(info["uid"].as_str().unwrap().ends_with("-b2c_1_signin"), "{info}");
    assert_eq!(claims(body["id_token"].as_str().unwrap())["tfp"], "b2c_1_signin");
    let refresh = [
        ("client_id", PUBLIC),
        ("scope", "User.Read"),
        ("grant_type", "refresh_token"),
        ("refresh_token", body["refresh_token"].as_str().unwrap()),
    ];
    let again = emulator.post_to(&format!("/tfp{}", flow("b2c_1_signin")), &refresh);
    assert_eq!(again.status, 200, "{again:?}");
    assert_plain(
        &emulator.post_to(&flow("B2C_1_edit"), &refresh),
        "invalid_grant",
        "AADB2C90088:",
    );
    let wrong = changed(&with_password(), "password", "wrong");
    assert_plain(
        &emulator.post_to(&flow("B2C_1_edit"), &wrong),
        "access_denied",
        "AADB2C90225:",
    );
    emulator.add_fault("error=AADB2C90118");
    assert_plain(
        &emulator.post_to(&flow("B2C_1_edit"), &fields),
        "access_denied",
        "AADB2C90118:",
    );
    let device = emulator.post_to(&format!("/{TENANT}/B2C_1_SignIn/oauth2/v2.0/devicecode"), &fields);
    assert_eq!(device.status, 404);
}

const OIDC: &str = "/oidc/token";

fn with_basic(emulator: &Emulator, fields: &[(&str, &str)]) -> Answer {
    let secret = encoded(&[("x", SECRET)]);
    let login = STANDARD.encode(format!("{CONFIDENTIAL}:{}", &secret[2..]));
    let headers = [FORM, ("Authorization", &*format!("Basic {login}"))];
    emulator
        .client()
        .send("POST", OIDC, &headers, encoded(fields).as_bytes())
        .unwrap()
}

#[test]
fn an_openid_connect_issuer_describes_itself() {
    let emulator = Emulator::start();
    let answer = get(&emulator, "/oidc/.well-known/openid-configuration");
    let described = answer.json();
    assert_eq!(described["issuer"], format!("{}/oidc", emulator.address()));
    assert_eq!(described["token_endpoint"], format!("{}{OIDC}", emulator.address()));
    for member in [
        "authorization_endpoint",
        "device_authorization_endpoint",
        "end_session_endpoint",
        "jwks_uri",
    ] {
        let address = described[member].as_str().unwrap();
        assert!(
            address.starts_with(&format!("{}/oidc/", emulator.address())),
            "{member}"
        );
    }
    assert_eq!(answer.header("cache-control"), Some("max-age=86400, private"));
}

#[test]
fn an_openid_connect_issuer_takes_the_methods_that_it_names() {
    let application = [("grant_type", "client_credentials"), ("scope", "read")];
    let emulator = Emulator::start();
    let issued = with_basic(&emulator, &application).access_claims();
    assert_eq!(issued["aud"], format!("{}/oidc/api", emulator.address()));
    assert_eq!(emulator.post_to(OIDC, &with_secret()).status, 200);
    assert_plain(&with_basic(&emulator, &with_secret()), "invalid_request", "Two methods");
    assert_eq!(
        assertion_for(&emulator, OIDC, SignedAssertion::new(&emulator)).status,
        200
    );

    let emulator = Emulator::start_with(&["--oidc-auth-method", "client_secret_basic"]);
    assert_eq!(with_basic(&emulator, &application).status, 200);
    assert_plain(
        &emulator.post_to(OIDC, &with_secret()),
        "invalid_client",
        "client_secret_post",
    );
    let described = get(&emulator, "/oidc/.well-known/openid-configuration").json();
    assert_eq!(
        described["token_endpoint_auth_methods_supported"],
        json!(["client_secret_basic"])
    );
}

#[test]
fn a_device_proves_its_application_to_an_openid_connect_issuer() {
    let emulator = Emulator::start();
    let fields = [("client_id", CONFIDENTIAL), ("scope", "openid")];
    assert_plain(
        &emulator.post_to("/oidc/device", &fields),
        "invalid_client",
        "client_secret",
    );
    let proven = [&fields[..], &[("client_secret", SECRET)]].concat();
    assert_eq!(emulator.post_to("/oidc/device", &proven).status, 200);
}

#[test]
fn known_authorities_are_told_from_others() {
    let emulator = Emulator::start_with(&["--authority", "https://login.microsoftonline.com"]);
    let ask = |asked: &str| {
        let query = encoded(&[("api-version", "1.1"), ("authorization_endpoint", asked)]);
        get(&emulator, &format!("/common/discovery/instance?{query}"))
    };
    let known = ask("https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize").json();
    assert_eq!(known["metadata"][0]["preferred_cache"], "login.microsoftonline.com");
    let discovery = known["tenant_discovery_endpoint"].as_str().unwrap();
    assert!(discovery.ends_with("/contoso.com/v2.0/.well-known/openid-configuration"));
    let unknown = ask("https://login.example.org/contoso.com/oauth2/v2.0/authorize");
    unknown.assert_refused("unknown", 400, "invalid_instance", 50049, "instance");
}

#[test]
fn users_sign_in_at_the_service_itself() {
    let emulator = Emulator::start();
    let realm = |user: &str| get(&emulator, &format!("/common/userrealm/{user}?api-version=1.0")).json();
    assert_eq!(realm(&USER.replace('@', "%40"))["account_type"], "Managed");
    assert_eq!(realm("bob%40fabrikam.example")["account_type"], "Unknown");
    assert_eq!(get(&emulator, "/common/userrealm/x").status, 400);
}

#[test]
fn the_machine_tells_its_region_to_programs_alone() {
    let emulator = Emulator::start_with(&["--region", "westeurope"]);
    let path = "/metadata/instance/compute?api-version=2021-02-01";
    let told = emulator
        .client()
        .send("GET", path, &[("Metadata", "true")], b"")
        .unwrap();
    assert_eq!(told.json()["location"], "westeurope");
    assert_eq!(get(&emulator, path).status, 400);
    assert_eq!(get(&Emulator::start(), path).status, 404);
}

#[test]
fn a_password_is_one_of_the_directory_s_users() {
    let emulator = Emulator::start();
    let wrong = [("password", PASSWORD), ("username", "bob@contoso.onmicrosoft.com")];
    let fields = [
        &changed(&changed(&with_password(), "password", ""), "username", "")[..],
        &wrong,
    ]
    .concat();
    assert_plain(&emulator.post_to(OIDC, &fields), "invalid_grant", "does not exist");
}
