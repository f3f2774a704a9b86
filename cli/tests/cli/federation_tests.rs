//! `--federated-token-file`, `--github-actions` and `--azure-pipelines`.

use serde_json::json;
use test_support::emulator::{Emulator, TENANT};
use test_support::federation::{
    GITHUB_REQUEST_TOKEN, GITHUB_SUBJECT, PIPELINES_ACCESS_TOKEN, PIPELINES_SUBJECT, SERVICE_CONNECTION, SUBJECT,
    WORKLOAD,
};
use test_support::folder::Folder;
use test_support::secrecy::assert_hidden;

use crate::call::{Call, claims};

/// What a job has, which no test takes from the machine that it runs on.
const VARIABLES: [&str; 8] = [
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "SYSTEM_OIDCREQUESTURI",
    "SYSTEM_ACCESSTOKEN",
    "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
    "AZURESUBSCRIPTION_TENANT_ID",
    "AZURESUBSCRIPTION_CLIENT_ID",
    "AZURE_KUBERNETES_TOKEN_PROXY",
];

fn without_job(mut call: Call) -> Call {
    for variable in VARIABLES {
        call.command.env_remove(variable);
    }
    call
}

fn workload(emulator: &Emulator) -> Call {
    without_job(Call::get(emulator, WORKLOAD))
}

fn github(emulator: &Emulator) -> Call {
    workload(emulator)
        .and(&["--github-actions"])
        .variable("ACTIONS_ID_TOKEN_REQUEST_URL", &emulator.github_url())
        .variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN", GITHUB_REQUEST_TOKEN)
}

fn pipelines(call: Call, emulator: &Emulator) -> Call {
    call.and(&["--azure-pipelines"])
        .variable("SYSTEM_OIDCREQUESTURI", &emulator.pipelines_url())
        .variable("SYSTEM_ACCESSTOKEN", PIPELINES_ACCESS_TOKEN)
}

#[test]
fn a_token_file_proves_the_workload() {
    let (emulator, folder) = (Emulator::with_workload(&[]), Folder::new());
    let assertion = emulator.workload_token("");
    let token = workload(&emulator)
        .and_secret("--federated-token-file", &folder, &format!("{assertion}\n"))
        .succeed();
    assert_eq!(claims(&token)["appid"], WORKLOAD);
    let journal = emulator.journal();
    assert_eq!(journal[0]["assertion"]["claims"]["sub"], SUBJECT);
    assert_eq!(
        journal[0]["form"]["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
}

#[test]
fn a_federated_assertion_file_is_renewable() {
    let (emulator, folder) = (Emulator::with_workload(&["--fault", "status=503"]), Folder::new());
    let assertion = emulator.workload_token("");
    workload(&emulator)
        .and_secret("--client-assertion-file", &folder, &assertion)
        .succeed();
    assert_eq!(emulator.journal().len(), 2);
}

#[test]
fn what_is_wrong_with_a_token_file_ends_with_3_and_sends_nothing() {
    let (emulator, folder) = (Emulator::with_workload(&[]), Folder::new());
    let large = "x".repeat(64 * 1024 + 1);
    for (file, kind) in [
        (folder.argument("missing"), "CredentialMissing"),
        (folder.write("empty", "\n"), "CredentialMissing"),
        (folder.argument(""), "InvalidArgument"),
        (folder.write("large", large), "InvalidArgument"),
        (folder.write("words", "hunter22 hunter22"), "InvalidArgument"),
        ("/dev/zero".to_owned(), "InvalidArgument"),
    ] {
        let error = workload(&emulator).and(&["--federated-token-file", &file]).fail_json(3);
        assert_eq!(error["error"]["kind"], kind, "{file}: {error}");
        assert!(
            error["error"]["hint"]
                .as_str()
                .unwrap()
                .contains("--federated-token-file"),
            "{error}"
        );
        assert!(!error.to_string().contains("hunter22"), "{error}");
    }
    assert!(emulator.journal().is_empty());
}

#[test]
fn a_wrong_subject_is_explained_and_the_assertion_hidden() {
    let (emulator, folder) = (Emulator::with_workload(&[]), Folder::new());
    let assertion = emulator.workload_token("subject=system:serviceaccount:default:other");
    let error = workload(&emulator)
        .and_secret("--federated-token-file", &folder, &assertion)
        .fail_json(8);
    assert_eq!(error["error"]["service_codes"], json!([700_213]), "{error}");
    let hint = error["error"]["hint"].as_str().unwrap();
    for part in [
        "--federated-token-file",
        "https://oidc.example/cluster",
        "system:serviceaccount:default:other",
        "api://AzureADTokenExchange",
    ] {
        assert!(hint.contains(part), "{part}: {hint}");
    }
    assert_eq!(emulator.journal().len(), 1);
    let parts = assertion.split('.').skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_hidden(&error.to_string(), &parts, "an error");
}

#[test]
fn an_expired_assertion_is_fetched_anew_once() {
    let (emulator, folder) = (Emulator::with_workload(&[]), Folder::new());
    let assertion = emulator.workload_token("lifetime=-600");
    let error = workload(&emulator)
        .and_secret("--federated-token-file", &folder, &assertion)
        .fail_json(8);
    assert_eq!(error["error"]["service_codes"], json!([700_024]), "{error}");
    assert_eq!(emulator.journal().len(), 2);
}

#[test]
fn a_token_proxy_of_aks_is_not_supported_and_that_is_said() {
    let (emulator, folder) = (Emulator::with_workload(&[]), Folder::new());
    let outcome = workload(&emulator)
        .and_secret("--federated-token-file", &folder, &emulator.workload_token(""))
        .variable("AZURE_KUBERNETES_TOKEN_PROXY", "https://proxy.example")
        .run();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(
        outcome.stderr.contains("AZURE_KUBERNETES_TOKEN_PROXY is set"),
        "{outcome:?}"
    );
    assert!(outcome.stderr.contains("not supported"), "{outcome:?}");
}

#[test]
fn a_workflow_of_github_gets_a_token() {
    let emulator = Emulator::with_workload(&[]);
    let token = github(&emulator).succeed();
    assert_eq!(claims(&token)["appid"], WORKLOAD);
    let journal = emulator.journal();
    assert_eq!(journal[0]["method"], "GET");
    assert_eq!(journal[1]["assertion"]["claims"]["sub"], GITHUB_SUBJECT);
}

#[test]
fn a_workflow_without_the_permission_is_told_so() {
    let emulator = Emulator::with_workload(&[]);
    for missing in ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"] {
        for call in [
            github(&emulator).variable(missing, ""),
            workload(&emulator).and(&["--github-actions"]),
        ] {
            let error = call.fail_json(3);
            assert_eq!(error["error"]["kind"], "CredentialMissing", "{error}");
            assert!(
                error["error"]["hint"]
                    .as_str()
                    .unwrap()
                    .contains("permissions: id-token: write"),
                "{error}"
            );
        }
    }
    assert!(emulator.journal().is_empty());
}

#[test]
fn a_token_service_that_fails_for_a_moment_is_asked_again() {
    let emulator = Emulator::with_workload(&["--fault", "status=503", "--fault", "reset"]);
    github(&emulator).succeed();
    assert_eq!(emulator.journal().len(), 4);
}

#[test]
fn nothing_of_a_request_token_is_shown() {
    let emulator = Emulator::with_workload(&[]);
    let wrong = "Wr0ng-Request-Token-9f8e7d6c5b4a";
    for call in [
        github(&emulator).variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN", wrong),
        pipelines(workload(&emulator), &emulator)
            .and(&["--service-connection-id", SERVICE_CONNECTION])
            .variable("SYSTEM_ACCESSTOKEN", wrong),
    ] {
        let outcome = call.and(&["--verbose"]).run();
        assert_eq!(outcome.code, Some(8), "{outcome:?}");
        assert!(outcome.stderr.contains("ClientCredentialRejected"), "{outcome:?}");
        assert_hidden(&outcome.stderr, &[wrong.to_owned()], "standard error");
    }
    for (url, says) in [
        ("http://token.example/", "http://"),
        ("https://user:hunter22@token.example/", "user information"),
    ] {
        let error = github(&emulator)
            .variable("ACTIONS_ID_TOKEN_REQUEST_URL", url)
            .fail_json(3);
        assert_eq!(error["error"]["kind"], "InvalidArgument", "{error}");
        assert!(
            error.to_string().contains(says) && !error.to_string().contains("hunter22"),
            "{error}"
        );
    }
}

#[test]
fn no_output_shows_an_assertion() {
    let folder = Folder::new();
    for fault in ["error=AADSTS700213", "body=echo", "body=html", "status=503", "reset"] {
        let emulator = Emulator::with_workload(&["--fault", &format!("{fault},times=all")]);
        let assertion = emulator.workload_token("");
        let secrets: Vec<String> = assertion.split('.').skip(1).map(str::to_owned).collect();
        for option in ["--federated-token-file", "--client-assertion-file"] {
            let outcome = workload(&emulator)
                .and_secret(option, &folder, &assertion)
                .and(&["--verbose", "--retries", "0"])
                .run();
            assert_ne!(outcome.code, Some(0), "{fault}: {outcome:?}");
            assert_hidden(&format!("{}{}", outcome.stdout, outcome.stderr), &secrets, fault);
        }
        let outcome = github(&emulator).and(&["--verbose", "--retries", "0"]).run();
        assert_ne!(outcome.code, Some(0), "{fault}: {outcome:?}");
        assert_hidden(&outcome.stderr, &[GITHUB_REQUEST_TOKEN.to_owned()], fault);
    }
}

#[test]
fn a_job_of_pipelines_gets_a_token_and_its_variables_say_for_what() {
    let emulator = Emulator::with_workload(&[]);
    let named = pipelines(workload(&emulator), &emulator).and(&["--service-connection-id", SERVICE_CONNECTION]);
    named.succeed();
    // The authority names no tenant here.
    let address = emulator.address();
    let tenant = format!("{address}/{TENANT}");
    let by_variables = pipelines(without_job(Call::new(&["get"])), &emulator)
        .variable("AZURESUBSCRIPTION_TENANT_ID", &tenant)
        .variable("AZURESUBSCRIPTION_CLIENT_ID", WORKLOAD)
        .variable("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", SERVICE_CONNECTION);
    by_variables.succeed();
    let journal = emulator.journal();
    assert_eq!(journal[0]["method"], "POST");
    assert_eq!(journal[3]["assertion"]["claims"]["sub"], PIPELINES_SUBJECT);
}

#[test]
fn a_sign_in_page_of_pipelines_means_a_bad_access_token() {
    for fault in ["status=302,redirect=https://login.example/", "status=203,body=html"] {
        let emulator = Emulator::with_workload(&["--fault", fault]);
        let error = pipelines(workload(&emulator), &emulator)
            .and(&["--service-connection-id", SERVICE_CONNECTION])
            .fail_json(8);
        assert_eq!(error["error"]["kind"], "ClientCredentialRejected", "{error}");
        let hint = error["error"]["hint"].as_str().unwrap();
        assert!(
            hint.contains("env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)"),
            "{hint}"
        );
        assert_eq!(emulator.journal().len(), 1, "redirects are not followed");
    }
}

#[test]
fn a_job_without_a_service_connection_is_told_so() {
    let emulator = Emulator::with_workload(&[]);
    let error = pipelines(workload(&emulator), &emulator).fail_json(3);
    assert_eq!(error["error"]["kind"], "CredentialMissing", "{error}");
    assert!(
        error["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("--service-connection-id"),
        "{error}"
    );
}

#[test]
fn the_doctor_knows_workloads() {
    let (emulator, folder) = (Emulator::with_workload(&[]), Folder::new());
    let file = folder.write("token", emulator.workload_token(""));
    let authority = emulator.authority();
    let call = Call::new(&["doctor", "--authority", &authority, "--client-id", WORKLOAD]);
    let table = without_job(call).and(&["--federated-token-file", &file]).succeed();
    assert!(table.contains("issued a token"), "{table}");
}
