//! The workload that an emulator knows when it is started with [`arguments`].

use crate::emulator::Emulator;

/// The client id of the application that trusts the workload's issuers. It has no other credential.
pub const WORKLOAD: &str = "33333333-3333-3333-3333-333333333333";
/// The issuer of token files.
pub const ISSUER: &str = "https://oidc.example/cluster";
/// The subject of token files.
pub const SUBJECT: &str = "system:serviceaccount:default:workload";
/// The token with which a workflow of GitHub asks for others.
pub const GITHUB_REQUEST_TOKEN: &str = "github-request-token";
/// The subject of that workflow.
pub const GITHUB_SUBJECT: &str = "repo:contoso/deploy:ref:refs/heads/main";
/// Where GitHub's token service is, with the query of `ACTIONS_ID_TOKEN_REQUEST_URL`.
pub const GITHUB_PATH: &str = "/_apis/distributedtask/hubs/Actions/plans/1/jobs/2/idtoken?api-version=2.0";
/// The access token of a job of Azure Pipelines.
pub const PIPELINES_ACCESS_TOKEN: &str = "pipelines-access-token";
/// The service connection of that job.
pub const SERVICE_CONNECTION: &str = "44444444-4444-4444-4444-444444444444";
/// The subject of that service connection.
pub const PIPELINES_SUBJECT: &str = "sc://contoso/project/connection";
/// Where the token service of Azure Pipelines is.
pub const PIPELINES_PATH: &str = "/contoso/project/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken";

/// The arguments with which an emulator has the workload and both token services.
pub fn arguments() -> Vec<String> {
    let credentials = [
        (ISSUER, SUBJECT),
        ("https://token.actions.githubusercontent.com", GITHUB_SUBJECT),
        ("https://vstoken.dev.azure.com/emulated", PIPELINES_SUBJECT),
    ];
    let credentials = credentials.map(|(issuer, subject)| format!(":issuer={issuer}:subject={subject}"));
    let all = [
        "--app",
        &format!("{WORKLOAD}{}", credentials.concat()),
        "--github-actions",
        &format!("{GITHUB_REQUEST_TOKEN}:{GITHUB_SUBJECT}"),
        "--azure-pipelines",
        &format!("{PIPELINES_ACCESS_TOKEN}:{SERVICE_CONNECTION}:{PIPELINES_SUBJECT}"),
    ];
    all.map(str::to_owned).to_vec()
}

impl Emulator {
    /// With the workload and both token services, and these arguments of `entra-emulator` too.
    pub fn with_workload(more: &[&str]) -> Self {
        let own = arguments();
        let own = own.iter().map(String::as_str);
        Self::start_with(&own.chain(more.iter().copied()).collect::<Vec<_>>())
    }

    /// A token for a token file. `query` changes it, as in `subject=other` or `lifetime=-600`.
    pub fn workload_token(&self, query: &str) -> String {
        let defaults = [("issuer", ISSUER), ("subject", SUBJECT)];
        let defaults = defaults.iter().filter(|(name, _)| !query.contains(&format!("{name}=")));
        let mut parts: Vec<String> = defaults.map(|(name, value)| format!("{name}={value}")).collect();
        parts.extend(Some(query).filter(|query| !query.is_empty()).map(str::to_owned));
        let path = format!("/_workload-token?{}", parts.join("&"));
        let answer = self
            .client()
            .send("GET", &path, &[], b"")
            .expect("the emulator answers");
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text()
    }

    /// `ACTIONS_ID_TOKEN_REQUEST_URL`.
    pub fn github_url(&self) -> String {
        format!("{}{GITHUB_PATH}", self.address())
    }

    /// `SYSTEM_OIDCREQUESTURI`.
    pub fn pipelines_url(&self) -> String {
        format!("{}{PIPELINES_PATH}", self.address())
    }
}
