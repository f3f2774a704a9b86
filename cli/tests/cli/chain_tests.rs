//! `--environment-variables`, `--chain`, `--azure-cli` and `--azure-developer-cli`.
#![cfg(unix)]

use serde_json::json;
use test_support::developer_tools::{DeveloperTools, EXPIRES_ON, TENANT as TOOL_TENANT, TOKEN};
use test_support::emulator::{CONFIDENTIAL, Emulator, PASSWORD, PUBLIC, SECRET, TENANT, USER};
use test_support::federation::WORKLOAD;
use test_support::folder::Folder;
use test_support::key_pair::REGISTERED;
use test_support::machine;
use test_support::secrecy::assert_hidden;

use crate::call::{Call, claims};

const METADATA_HOST: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

fn get(arguments: &[&str]) -> Call {
    without_sources(Call::new(&["get"]).and(arguments))
}

/// With none of the variables that describe a credential, and no developer tool.
fn without_sources(call: Call) -> Call {
    let mut call = call.variable("PATH", "/no/such/folder");
    for name in [
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_CLIENT_CERTIFICATE_PATH",
        "AZURE_USERNAME",
        "AZURE_PASSWORD",
        "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_AUTHORITY_HOST",
        "AZURE_TOKEN_CREDENTIALS",
    ] {
        call.command.env_remove(name);
    }
    call
}

fn application(call: Call, emulator: &Emulator) -> Call {
    call.variable("AZURE_AUTHORITY_HOST", emulator.address())
        .variable("AZURE_TENANT_ID", TENANT)
        .variable("AZURE_CLIENT_ID", CONFIDENTIAL)
}

#[test]
fn the_environment_describes_an_application_by_its_secret_or_certificate() {
    let (emulator, folder) = (Emulator::start(), Folder::new());
    let environment = || application(get(&["--environment-variables"]), &emulator);
    let answer = environment().variable("AZURE_CLIENT_SECRET", SECRET).succeed_json();
    assert_eq!(answer["client_id"], CONFIDENTIAL);
    assert_eq!(answer["tenant"], TENANT);
    environment()
        .variable("AZURE_CLIENT_CERTIFICATE_PATH", &REGISTERED.both())
        .succeed();
    let pfx = REGISTERED.pfx(&folder, "correct horse");
    environment()
        .variable("AZURE_CLIENT_CERTIFICATE_PATH", &pfx)
        .variable("AZURE_CLIENT_CERTIFICATE_PASSWORD", "correct horse")
        .variable("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", "True")
        .succeed();
    let journal = emulator.journal();
    assert_eq!(journal.len(), 3);
    assert!(journal[1]["assertion"]["header"].get("x5c").is_none(), "{}", journal[1]);
    assert!(journal[2]["assertion"]["header"].get("x5c").is_some(), "{}", journal[2]);
    let wrong = environment()
        .variable("AZURE_CLIENT_CERTIFICATE_PATH", &pfx)
        .variable("AZURE_CLIENT_CERTIFICATE_PASSWORD", "hunter22")
        .fail_json(3);
    assert_eq!(wrong["error"]["kind"], "CertificatePasswordIncorrect");
    assert_hidden(&wrong.to_string(), &["hunter22".to_owned()], "the error");
}

#[test]
fn the_environment_describes_a_user_and_warns() {
    let emulator = Emulator::start();
    let user = || {
        get(&["--environment-variables", "--scope", "User.Read"])
            .variable("AZURE_AUTHORITY_HOST", emulator.address())
            .variable("AZURE_TENANT_ID", TENANT)
            .variable("AZURE_CLIENT_ID", PUBLIC)
            .variable("AZURE_USERNAME", USER)
            .variable("AZURE_PASSWORD", PASSWORD)
    };
    let outcome = user().run();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(
        outcome.stderr.starts_with("warning: AZURE_PASSWORD exposes"),
        "{outcome:?}"
    );
    assert_eq!(emulator.journal()[0]["form"]["grant_type"], "password");
    let shared = user().and(&["--token-cache", "work"]).fail_json(3);
    assert_eq!(shared["error"]["kind"], "InvalidArgument");
}

#[test]
fn an_incomplete_environment_names_variables_and_no_value() {
    let emulator = Emulator::start();
    let error = get(&["--environment-variables"])
        .variable("AZURE_AUTHORITY_HOST", emulator.address())
        .variable("AZURE_CLIENT_SECRET", SECRET)
        .variable("AZURE_CLIENT_ID", "")
        .fail_json(3);
    assert_eq!(error["error"]["kind"], "CredentialMissing");
    let message = error["error"]["message"].as_str().unwrap();
    assert!(
        message.ends_with("Set: AZURE_CLIENT_SECRET. Missing: AZURE_TENANT_ID, AZURE_CLIENT_ID."),
        "{message}"
    );
    assert_hidden(&error.to_string(), &[SECRET.to_owned()], "the error");
    assert!(emulator.journal().is_empty());
}

#[test]
fn a_chain_uses_the_first_link_that_applies() {
    let (emulator, workload, folder) = (Emulator::start(), Emulator::with_workload(&[]), Folder::new());
    let machine = machine::start(&[]);
    let tools = DeveloperTools::new().with_az().with_azd();
    let only_azd = DeveloperTools::new().with_azd();
    let token_file = folder.write("token", workload.workload_token(""));
    let chain = || get(&["--chain", "--verbose"]);
    let in_workload = |call: Call| {
        call.variable("AZURE_AUTHORITY_HOST", workload.address())
            .variable("AZURE_TENANT_ID", TENANT)
            .variable("AZURE_CLIENT_ID", WORKLOAD)
            .variable("AZURE_FEDERATED_TOKEN_FILE", &token_file)
            .variable("AZURE_KUBERNETES_TOKEN_PROXY", "https://proxy.example")
    };
    let on_machine = |call: Call| call.variable(METADATA_HOST, machine.address());
    let with = |call: Call, tools: &DeveloperTools| call.variable("PATH", &tools.path());
    for (call, link, passed_over) in [
        (
            with(
                on_machine(application(chain(), &emulator).variable("AZURE_CLIENT_SECRET", SECRET)),
                &tools,
            ),
            "environment",
            0,
        ),
        (with(on_machine(in_workload(chain())), &tools), "workload identity", 1),
        (with(on_machine(chain()), &tools), "managed identity", 2),
        (with(chain(), &tools), "Azure CLI", 3),
        (with(chain(), &only_azd), "Azure Developer CLI", 4),
    ] {
        let outcome = call.run();
        assert_eq!(outcome.code, Some(0), "{link}: {outcome:?}");
        let warns = outcome.stderr.contains("warning: AZURE_KUBERNETES_TOKEN_PROXY is set");
        assert_eq!(warns, link == "workload identity", "{outcome:?}");
        let said = format!("info: the chain uses {link}\n");
        assert!(outcome.stderr.contains(&said), "{outcome:?}");
        assert_eq!(
            outcome.stderr.matches("info: the chain passes over ").count(),
            passed_over,
            "{outcome:?}"
        );
        assert_hidden(
            &outcome.stderr,
            &[SECRET.to_owned(), TOKEN.to_owned()],
            "standard error",
        );
    }
    let asked: Vec<bool> = machine
        .journal()
        .iter()
        .map(|asked| asked["headers"].get("metadata").is_some())
        .collect();
    assert_eq!(asked, [false, true], "a probe, then the request");
    assert_eq!(tools.runs("az").len(), 1);
    assert!(tools.runs("azd").is_empty());
}

#[test]
fn a_probe_goes_where_the_variable_says_and_nowhere_else() {
    let emulator = machine::start(&[]);
    let closed = "http://127.0.0.1:9";
    let mut call = get(&["--chain"]).variable(METADATA_HOST, emulator.address());
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "http_proxy"] {
        call = call.variable(name, closed);
    }
    assert_eq!(claims(&call.succeed())["aud"], "https://graph.microsoft.com");
    let journal = emulator.journal();
    assert_eq!(journal.len(), 2);
    for asked in &journal {
        assert_eq!(asked["path"], "/metadata/identity/oauth2/token");
        assert_eq!(asked["query"]["resource"], "https://graph.microsoft.com");
    }
    // It is refused before anything is sent.
    for host in [
        "http://metadata.example",
        "http://user:hunter22@127.0.0.1",
        "ftp://127.0.0.1",
    ] {
        let error = get(&["--chain"]).variable(METADATA_HOST, host).fail_json(3);
        assert_eq!(error["error"]["kind"], "InvalidArgument", "{host}");
        assert!(!error.to_string().contains("hunter22"), "{error}");
    }
}

#[test]
fn what_answers_like_a_page_is_no_managed_identity() {
    let tools = DeveloperTools::new().with_az();
    for fault in ["status=403", "status=404", "body=html,status=200"] {
        let emulator = Emulator::start_with(&["--identity", "system", "--fault", &format!("{fault},times=all")]);
        let outcome = get(&["--chain", "--verbose"])
            .variable(METADATA_HOST, emulator.address())
            .variable("PATH", &tools.path())
            .run();
        assert_eq!(outcome.stdout.trim(), TOKEN, "{fault}: {outcome:?}");
        assert_eq!(emulator.journal().len(), 1, "{fault}: it is not asked again");
    }
}

#[test]
fn a_chain_of_which_nothing_applies_says_why_for_each_link() {
    let error = get(&["--chain"]).fail_json(3);
    assert_eq!(error["error"]["kind"], "CredentialMissing");
    let message = error["error"]["message"].as_str().unwrap();
    let links: Vec<&str> = message
        .lines()
        .skip(1)
        .map(|line| line.split_once(": ").unwrap().0)
        .collect();
    let expected = [
        "environment",
        "workload identity",
        "managed identity",
        "Azure CLI",
        "Azure Developer CLI",
    ];
    assert_eq!(links, expected, "{message}");
}

#[test]
fn a_link_that_applies_and_fails_ends_the_chain() {
    let emulator = Emulator::start();
    let machine = machine::start(&[]);
    let tools = DeveloperTools::new().with_az();
    let chain = || {
        get(&["--chain"])
            .variable(METADATA_HOST, machine.address())
            .variable("PATH", &tools.path())
    };
    let wrong_secret = application(chain(), &emulator).variable("AZURE_CLIENT_SECRET", "hunter22");
    let error = wrong_secret.fail_json(8);
    assert_eq!(error["error"]["kind"], "ClientCredentialRejected");
    assert_hidden(&error.to_string(), &["hunter22".to_owned()], "the error");
    let no_file = application(chain(), &emulator).variable("AZURE_FEDERATED_TOKEN_FILE", "/no/such/token");
    let error = no_file.fail_json(3);
    let hint = error["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("variable AZURE_FEDERATED_TOKEN_FILE"), "{hint}");
    let not_assigned = chain().variable("AZURE_CLIENT_ID", CONFIDENTIAL);
    assert_eq!(
        not_assigned.fail_json(8)["error"]["kind"],
        "ClientCredentialRejected",
        "AZURE_CLIENT_ID names the identity"
    );
    let assigned = chain().variable("AZURE_CLIENT_ID", machine::CLIENT_ID).succeed();
    assert_eq!(claims(&assigned)["appid"], machine::CLIENT_ID);
    assert!(tools.runs("az").is_empty());

    let tools = DeveloperTools::new()
        .with("az", "", &format!("ERROR: the token {TOKEN} is broken"), 1)
        .with_azd();
    let error = get(&["--chain"]).variable("PATH", &tools.path()).fail_json(8);
    let message = error["error"]["message"].as_str().unwrap();
    assert_eq!(message, "Azure CLI issued no token: ERROR: the token *** is broken.");
    assert!(tools.runs("azd").is_empty());
}

#[test]
fn a_variable_narrows_the_chain_down() {
    let emulator = Emulator::start();
    let tools = DeveloperTools::new().with_az().with_azd();
    let chain = |filter: &str| {
        application(get(&["--chain", "--verbose"]), &emulator)
            .variable("AZURE_CLIENT_SECRET", SECRET)
            .variable("PATH", &tools.path())
            .variable("AZURE_TOKEN_CREDENTIALS", filter)
    };
    for (filter, link) in [
        ("", "environment"),
        ("prod", "environment"),
        ("dev", "Azure CLI"),
        ("AzureDeveloperCliCredential", "Azure Developer CLI"),
    ] {
        let outcome = chain(filter).run();
        let said = format!("the chain uses {link}\n");
        assert!(outcome.stderr.contains(&said), "{filter}: {outcome:?}");
    }
    let error = chain("hunter22").run();
    assert_eq!(error.code, Some(3), "{error:?}");
    assert!(!error.stderr.contains("hunter22"), "{error:?}");
    let nothing = chain("WorkloadIdentityCredential").run();
    assert_eq!(nothing.code, Some(3), "{nothing:?}");
    assert!(
        nothing
            .stderr
            .contains("environment: AZURE_TOKEN_CREDENTIALS leaves it out."),
        "{nothing:?}"
    );
}

#[test]
fn a_developer_tool_is_asked_without_a_shell() {
    let tools = DeveloperTools::new().with_az().with_azd();
    for (option, name, begin, tenant) in [
        (
            "--azure-cli",
            "az",
            "account get-access-token --output json --resource https://vault.azure.net",
            "--tenant",
        ),
        (
            "--azure-developer-cli",
            "azd",
            "auth token --output json --scope https://vault.azure.net/.default",
            "--tenant-id",
        ),
    ] {
        let tool = || get(&[option, "--scope", "https://vault.azure.net/.default"]).variable("PATH", &tools.path());
        let answer = tool().succeed_json();
        assert_eq!(answer["access_token"], TOKEN);
        assert_eq!(answer["expires_on"], EXPIRES_ON);
        assert_eq!(answer["scope"], "https://vault.azure.net/.default");
        let of_az = if name == "az" { TOOL_TENANT } else { "" };
        assert_eq!(answer["tenant"], of_az);
        assert_eq!(answer["source"], json!("network"));
        tool().and(&["--tenant", "contoso.example"]).succeed();
        let with_tenant = format!("{begin} {tenant} contoso.example");
        assert_eq!(tools.runs(name), [begin, &with_tenant]);
        for scope in ["https://x/$(id)", "-x", "https://x/a;b", "https://x/%PATH%"] {
            let refused = get(&[option, &format!("--scope={scope}")]).variable("PATH", &tools.path());
            assert_eq!(refused.fail_json(3)["error"]["kind"], "InvalidArgument", "{scope}");
        }
        get(&[option, "--tenant=-x"])
            .variable("PATH", &tools.path())
            .fail_json(3);
        assert_eq!(tools.runs(name).len(), 2);
    }
    let scopes = get(&["--azure-cli", "--scope", "User.Read", "--scope", "Mail.Read"]);
    scopes.variable("PATH", &tools.path()).succeed();
    let last = tools.runs("az").pop().unwrap();
    assert_eq!(
        last,
        "account get-access-token --output json --scope User.Read Mail.Read"
    );
}

#[test]
fn a_developer_tool_that_gives_no_token_says_why() {
    for (tools, code, kind, says) in [
        (DeveloperTools::new(), 3, "CredentialMissing", "is not installed"),
        (
            DeveloperTools::new().with("az", "", "ERROR: Please run 'az login' to setup account.", 1),
            3,
            "CredentialMissing",
            "Azure CLI is not signed in: ERROR: Please run 'az login' to setup account.",
        ),
        (
            DeveloperTools::new().with("az", "", "ERROR: AADSTS50076: MFA. Run az login", 1),
            9,
            "InteractionRequired",
            "AADSTS50076",
        ),
        (
            DeveloperTools::new().with("az", TOKEN, "", 2),
            8,
            "ServiceRejected",
            "it said nothing",
        ),
        (
            DeveloperTools::new().with("az", TOKEN, "", 0),
            11,
            "MalformedResponse",
            "is not a JSON object",
        ),
        (
            DeveloperTools::new().with_script("az", "/bin/sleep 600"),
            7,
            "RequestTimeout",
            "did not end within",
        ),
    ] {
        let call = get(&["--azure-cli", "--timeout", "1"]).variable("PATH", &tools.path());
        let error = call.fail_json(code);
        assert_eq!(error["error"]["kind"], kind, "{error}");
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains(says), "{message}");
        assert_hidden(&error.to_string(), &[TOKEN.to_owned()], "the error");
    }
    let tools = DeveloperTools::new().with_az();
    let challenge = get(&["--azure-cli", "--claims", "{\"access_token\":{}}"]).variable("PATH", &tools.path());
    assert_eq!(challenge.fail_json(9)["error"]["kind"], "InteractionRequired");
    // The current folder is no place for programs.
    let relative = get(&["--azure-cli"]).variable("PATH", ".:");
    let mut relative = relative;
    relative.command.current_dir(tools.path());
    assert_eq!(relative.fail_json(3)["error"]["kind"], "CredentialMissing");
}

#[test]
fn contradictions_are_usage_errors() {
    let user = [
        "--username",
        "--refresh-token-file",
        "--client-secret-file",
        "--certificate",
        "--client-id",
    ];
    for source in [
        "--environment-variables",
        "--chain",
        "--azure-cli",
        "--azure-developer-cli",
    ] {
        for option in user {
            Call::new(&["get", source, option, "x"]).fail(2);
        }
        Call::new(&["get", source, "--device-code"]).fail(2);
        Call::new(&["get", source, "--managed-identity"]).fail(2);
        Call::new(&["get", source, "--authority", "https://login.example/x"]).fail(2);
        Call::new(&["get", source, "--identity-client-id", CONFIDENTIAL]).fail(2);
    }
    for arguments in [
        &["--chain", "--azure-cli"][..],
        &["--chain", "--environment-variables"],
        &["--chain", "--tenant", "contoso.example"],
        &["--environment-variables", "--tenant", "contoso.example"],
        &["--chain", "--token-cache", "work"],
        &["--azure-cli", "--redis", "redis://localhost"],
        &["--chain", "--user-assertion-file", "x"],
    ] {
        Call::new(&["get"]).and(arguments).fail(2);
    }
}

#[test]
fn the_doctor_names_sources_and_asks_only_what_it_is_told_to() {
    let machine = machine::start(&[]);
    let tools = DeveloperTools::new().with_az();
    let doctor = |arguments: &[&str]| {
        without_sources(Call::new(&["doctor", "--json"]))
            .and(arguments)
            .variable(METADATA_HOST, machine.address())
            .variable("PATH", &tools.path())
    };
    let finding = |output: &str, check: &str| {
        let findings: Vec<serde_json::Value> = serde_json::from_str(output).expect("the output is a JSON array");
        let found = findings.into_iter().find(|finding| finding["check"] == check).unwrap();
        (
            found["status"].as_str().unwrap().to_owned(),
            found["detail"].as_str().unwrap().to_owned(),
        )
    };
    let emulator = Emulator::start();
    let application = doctor(&["--authority", &emulator.authority(), "--client-id", PUBLIC])
        .variable("MSI_ENDPOINT", &format!("{}/cloud-shell", machine.address()))
        .variable("AZURE_CLIENT_ID", CONFIDENTIAL)
        .succeed();
    let (status, detail) = finding(&application, "ManagedIdentity");
    assert_eq!(status, "Passed");
    assert!(
        detail.contains("Cloud Shell") && detail.contains("--managed-identity"),
        "{detail}"
    );
    let (status, detail) = finding(&application, "DeveloperTools");
    assert_eq!(status, "Passed");
    assert!(detail.contains(&tools.path()), "{detail}");
    let (status, detail) = finding(&application, "Environment");
    assert_eq!(status, "Skipped");
    assert!(detail.contains("Missing: AZURE_TENANT_ID"), "{detail}");
    assert_eq!(finding(&application, "Chain").0, "Skipped");
    assert!(
        machine.journal().is_empty() && tools.runs("az").is_empty(),
        "nothing is asked"
    );

    let asked = doctor(&["--managed-identity"]).succeed();
    assert_eq!(finding(&asked, "ManagedIdentity").0, "Passed");
    assert_eq!(finding(&asked, "Authority").0, "Skipped");
    assert_eq!(machine.journal().len(), 1);
    let unknown = doctor(&["--managed-identity", "--identity-client-id", CONFIDENTIAL]).run();
    assert_eq!(unknown.code, Some(8), "{unknown:?}");
    assert_eq!(finding(&unknown.stdout, "ManagedIdentity").0, "Failed");

    let chain = doctor(&["--chain"]).succeed();
    let (status, detail) = finding(&chain, "Chain");
    assert_eq!(status, "Passed");
    assert!(
        detail.starts_with("The chain uses managed identity. environment: "),
        "{detail}"
    );
    let nothing = doctor(&["--chain"])
        .variable(METADATA_HOST, "http://127.0.0.1:9")
        .variable("PATH", "/no/such/folder")
        .run();
    assert_eq!(nothing.code, Some(3), "{nothing:?}");
    assert_eq!(finding(&nothing.stdout, "Chain").0, "Failed");
    for arguments in [
        &["--chain", "--managed-identity"][..],
        &["--chain", "--tenant", "contoso.example"],
        &["--managed-identity", "--client-id", PUBLIC],
        &["--identity-client-id", CONFIDENTIAL],
    ] {
        Call::new(&["doctor"]).and(arguments).fail(2);
    }
}
