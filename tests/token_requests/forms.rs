//! The bodies of token requests, byte for byte.

use graphtoken::base::error::Status;
use graphtoken::credential::Credential;
use graphtoken::request::grant::{ClientCredentials, Password, RefreshToken};

use crate::service::{CLIENT, ENDPOINT, Service, client_secret, plain, request, secret};

const APPLICATION: ClientCredentials = ClientCredentials;

#[test]
fn client_credentials_with_a_secret() {
    let service = Service::issuing();
    service
        .client(client_secret(), &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    let sent = service.sent().remove(0);
    assert_eq!(sent.url, ENDPOINT);
    assert_eq!(
        sent.body,
        format!(
            "client_id={CLIENT}&client_secret=s3cret+value&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default\
             &grant_type=client_credentials&client_info=2"
        )
    );
    assert_eq!(sent.username, "");
}

#[test]
fn client_credentials_with_a_ready_made_assertion_and_claims() {
    let service = Service::issuing();
    let credential = Credential::from_assertion(&secret(" eyJ.eyJ.sig\n")).unwrap();
    let claims = r#"{"access_token":{"nbf":{"essential":true}}}"#;
    let wanted = request(APPLICATION, "api://x/.default", &[("claims", claims)]);
    service.client(Some(credential), &[]).acquire(&wanted, None).unwrap();
    assert_eq!(
        service.sent()[0].body,
        format!(
            "client_id={CLIENT}\
             &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
             &client_assertion=eyJ.eyJ.sig&scope=api%3A%2F%2Fx%2F.default\
             &claims=%7B%22access_token%22%3A%7B%22nbf%22%3A%7B%22essential%22%3Atrue%7D%7D%7D\
             &grant_type=client_credentials&client_info=2"
        )
    );
}

#[test]
fn a_password_may_contain_any_character() {
    let service = Service::issuing();
    let grant = Password::new("alice@contoso.example", secret("p@ss w0rd&=+%\u{e9}\u{1f511}")).unwrap();
    service
        .client(None, &[])
        .acquire(&request(grant, "User.Read", &[]), None)
        .unwrap();
    let sent = service.sent().remove(0);
    assert_eq!(
        sent.body,
        format!(
            "client_id={CLIENT}&scope=openid+offline_access+profile+User.Read&grant_type=password\
             &username=alice%40contoso.example&password=p%40ss+w0rd%26%3D%2B%25%C3%A9%F0%9F%94%91&client_info=1"
        )
    );
    assert_eq!(sent.username, "alice@contoso.example");
}

#[test]
fn a_password_and_a_client_secret_are_sent_together() {
    let service = Service::issuing();
    let grant = Password::new("alice", secret("pw")).unwrap();
    service
        .client(client_secret(), &[])
        .acquire(&request(grant, "openid User.Read", &[]), None)
        .unwrap();
    assert!(service.sent()[0].body.starts_with(&format!(
        "client_id={CLIENT}&client_secret=s3cret+value&scope=openid+offline_access+profile+User.Read&grant_type=password"
    )));
}

#[test]
fn a_refresh_token_is_sent_and_kept_if_the_response_has_none() {
    let service = Service::issuing();
    let grant = RefreshToken::new(secret("0.AX/+=")).unwrap();
    let token = service
        .client(None, &[])
        .acquire(&request(grant, "User.Read", &[]), None)
        .unwrap();
    assert_eq!(
        service.sent()[0].body,
        format!(
            "client_id={CLIENT}&scope=offline_access+openid+profile+User.Read&grant_type=refresh_token\
             &refresh_token=0.AX%2F%2B%3D&client_info=1"
        )
    );
    assert_eq!(token.refresh_token().unwrap().expose(), b"0.AX/+=");
}

#[test]
fn the_correlation_id_is_the_caller_s_or_random() {
    let service = Service::issuing();
    let client = service.client(client_secret(), &[("cache", "none")]);
    client.acquire(&plain(APPLICATION), None).unwrap();
    client.acquire(&plain(APPLICATION), None).unwrap();
    let id = "6F1A4B0E-0000-4000-8000-000000000000";
    let token = client
        .acquire(&request(APPLICATION, "", &[("correlation_id", id)]), None)
        .unwrap();
    let ids: Vec<String> = service.sent().into_iter().map(|sent| sent.correlation_id).collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[0].len(), 36);
    assert_eq!(ids[2], id.to_lowercase());
    assert_eq!(token.correlation_id(), ids[2]);
}

#[test]
fn the_default_scope_is_the_graph_of_the_cloud() {
    let service = Service::issuing();
    service
        .client(client_secret(), &[("cloud", "usgovdod")])
        .acquire(&plain(APPLICATION), None)
        .unwrap();
    let sent = service.sent().remove(0);
    assert!(sent.url.starts_with("https://login.microsoftonline.us/"));
    assert!(
        sent.body
            .contains("scope=https%3A%2F%2Fdod-graph.microsoft.us%2F.default")
    );
}

#[test]
fn without_a_credential_nothing_is_sent() {
    let service = Service::issuing();
    let error = service
        .client(None, &[])
        .acquire(&plain(APPLICATION), None)
        .unwrap_err();
    assert_eq!(error.status(), Status::CredentialMissing);
    assert!(service.sent().is_empty());
    for empty in [
        Password::new("alice", secret("")).err(),
        RefreshToken::new(secret("")).err(),
    ] {
        assert_eq!(empty.unwrap().status(), Status::CredentialMissing);
    }
    assert_eq!(
        Credential::from_secret(secret("")).unwrap_err().status(),
        Status::CredentialMissing
    );
}
