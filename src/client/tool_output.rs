//! What a developer tool has written.

use std::time::SystemTime;

use der::DateTime;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::base::clock::from_unix_seconds;
use crate::base::error::{Error, Result, Status};
use crate::base::json;
use crate::base::quote::quote;
use crate::base::secret::Secret;
use crate::client::child_process::Ended;
use crate::client::tool::Tool;
use crate::token::{TOKEN_TYPE, bad_character};

/// A token, as a tool has written it.
pub(super) struct ToolOutput {
    pub(super) access_token: Secret,
    pub(super) expires_on: SystemTime,
    /// The tenant that the tool is signed in to, if it says so.
    pub(super) tenant: Option<String>,
}

impl ToolOutput {
    /// # Errors
    /// [`Status::CredentialMissing`] if the tool is not signed in, [`Status::InteractionRequired`] if its user has to sign
    /// in again, [`Status::ServiceRejected`] with what it said for another failure, [`Status::MalformedResponse`] if it
    /// wrote no token.
    pub(super) fn read(tool: Tool, ended: &Ended) -> Result<Self> {
        if !ended.has_succeeded {
            return Err(refusal(tool, ended));
        }
        let malformed = |what: &str| {
            let (product, name) = (tool.product(), tool.name());
            Error::new(
                Status::MalformedResponse,
                format!("The output of {product} {what}."),
                format!("Update {product}, and check which program `{name}` on PATH is."),
            )
        };
        let text = json::text_of(ended.stdout.expose());
        let Some(Value::Object(mut members)) = json::parse(&text) else {
            return Err(malformed("is not a JSON object"));
        };
        let name = match tool {
            Tool::AzureCli => "accessToken",
            Tool::AzureDeveloperCli => "token",
        };
        let Some(Value::String(token)) = members.remove(name) else {
            return Err(malformed(&format!("has no {name}")));
        };
        let access_token = Secret::new(token.into_bytes());
        if access_token.is_empty() || bad_character(&access_token).is_some() {
            return Err(malformed(&format!("has no token in {name}")));
        }
        let said = |name: &str| members.get(name).and_then(Value::as_str);
        if said("tokenType").is_some_and(|kind| !kind.eq_ignore_ascii_case(TOKEN_TYPE)) {
            return Err(malformed("has a tokenType other than Bearer"));
        }
        Ok(Self {
            expires_on: end(tool, &members).ok_or_else(|| malformed("does not say when the token expires"))?,
            access_token,
            tenant: said("tenant")
                .filter(|id| Uuid::try_parse(id).is_ok())
                .map(str::to_owned),
        })
    }
}

/// `az` says it in seconds since 1970 (from version 2.54 on; its `expiresOn` is local time, of an unknown zone), `azd`
/// in UTC.
fn end(tool: Tool, members: &Map<String, Value>) -> Option<SystemTime> {
    match (tool, members.get("expires_on"), members.get("expiresOn")) {
        (Tool::AzureCli, Some(Value::Number(seconds)), _) => seconds.as_i64().map(from_unix_seconds),
        (Tool::AzureCli, Some(Value::String(seconds)), _) => seconds.parse().ok().map(from_unix_seconds),
        (Tool::AzureDeveloperCli, _, Some(Value::String(date))) => {
            date.parse::<DateTime>().ok().map(|date| date.to_system_time())
        }
        _ => None,
    }
}

/// The error for a tool that ended without a token, with what it said.
fn refusal(tool: Tool, ended: &Ended) -> Error {
    let (stdout, stderr) = (
        json::text_of(ended.stdout.expose()),
        json::text_of(ended.stderr.expose()),
    );
    let structured = || [&stdout, &stderr].into_iter().find_map(|text| structured(text));
    let said = match tool {
        Tool::AzureCli => stderr.to_string(),
        Tool::AzureDeveloperCli => structured().unwrap_or_else(|| stderr.to_string()),
    };
    let shown = match quote(&said, &[]).trim_end_matches('.') {
        "" => "it said nothing".to_owned(),
        shown => shown.to_owned(),
    };
    let (product, sign_in) = (tool.product(), tool.sign_in());
    let all = format!("{}\n{}", &*stdout, &*stderr);
    let asks_for_sign_in = all.contains(sign_in) || tool == Tool::AzureCli && all.contains("az account set");
    let (status, what, hint) = match (asks_for_sign_in, all.contains("AADSTS")) {
        (true, false) => (
            Status::CredentialMissing,
            "is not signed in",
            format!("Sign in with `{sign_in}`."),
        ),
        // A sign-in that has expired, or that lacks something.
        (true, true) => (
            Status::InteractionRequired,
            "issued no token",
            format!("Sign in again with `{sign_in}`."),
        ),
        (false, _) => (
            Status::ServiceRejected,
            "issued no token",
            format!("Correct what {product} reports."),
        ),
    };
    Error::new(status, format!("{product} {what}: {shown}."), hint)
}

/// The message in a line of JSON: `azd` writes `{"error": ...}`, and before version 1.23.7
/// `{"type": "consoleMessage", "data": {"message": ...}}`.
fn structured(output: &str) -> Option<String> {
    let mut lines = output.lines().filter_map(|line| json::parse(line.trim()));
    let message = |line: &Value| {
        let message = line
            .get("error")
            .or_else(|| line.get("data")?.get("message"))?
            .as_str()?;
        Some(message.trim().to_owned()).filter(|message| !message.is_empty())
    };
    lines.find_map(|line| message(&line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::unix_seconds;

    const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZy1lbm91Z2g";

    fn read(tool: Tool, stdout: &str, stderr: &str, has_succeeded: bool) -> Result<ToolOutput> {
        let secret = |text: &str| Secret::copy_of(text.as_bytes());
        let ended = Ended {
            has_succeeded,
            stdout: secret(stdout),
            stderr: secret(stderr),
        };
        ToolOutput::read(tool, &ended)
    }

    #[test]
    fn the_end_is_read_in_the_form_of_each_tool() {
        for (tool, rest, end) in [
            (Tool::AzureCli, r#""expires_on": 1700000000"#, Some(1_700_000_000)),
            (
                Tool::AzureCli,
                r#""expires_on": "1700000000", "tokenType": "bearer""#,
                Some(1_700_000_000),
            ),
            (Tool::AzureCli, r#""expiresOn": "2023-11-14 22:13:20.000000""#, None),
            (Tool::AzureCli, r#""expires_on": "soon""#, None),
            (Tool::AzureCli, r#""expires_on": 1700000000, "tokenType": "pop""#, None),
            (
                Tool::AzureDeveloperCli,
                r#""expiresOn": "2023-11-14T22:13:20Z""#,
                Some(1_700_000_000),
            ),
            (Tool::AzureDeveloperCli, r#""expiresOn": "2023-11-14 22:13:20""#, None),
            (Tool::AzureDeveloperCli, r#""expires_on": 1700000000"#, None),
        ] {
            let name = if tool == Tool::AzureCli { "accessToken" } else { "token" };
            let output = read(tool, &format!(r#"{{"{name}": "{TOKEN}", {rest}}}"#), "", true);
            let found = output.as_ref().ok().map(|output| unix_seconds(output.expires_on));
            assert_eq!(found, end, "{tool:?} {rest}");
            if let Err(error) = output {
                assert_eq!(error.status(), Status::MalformedResponse);
                assert!(!format!("{error:?}").contains(TOKEN), "{error:?}");
            }
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for stdout in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"accessToken": ""}"#,
            r#"{"accessToken": 1}"#,
            r#"{"accessToken": "a\r\nb", "expires_on": 1700000000}"#,
        ] {
            let error = read(Tool::AzureCli, stdout, "", true).err().unwrap();
            assert_eq!(error.status(), Status::MalformedResponse, "{stdout}");
        }
    }

    #[test]
    fn each_failure_is_told_in_the_tool_s_own_words_without_a_token() {
        use Status::{CredentialMissing, InteractionRequired, ServiceRejected};
        let leak = format!("ERROR: the request with {TOKEN} failed");
        for (tool, stdout, stderr, status, says) in [
            (
                Tool::AzureCli,
                "",
                "WARNING: x\nERROR: Please run 'az login' to setup account.",
                CredentialMissing,
                "is not signed in: WARNING: x ERROR: Please run 'az login' to setup account.",
            ),
            (
                Tool::AzureCli,
                "",
                "Run az account set",
                CredentialMissing,
                "is not signed in",
            ),
            (
                Tool::AzureCli,
                "",
                "AADSTS700082: expired. Run az login --scope x",
                InteractionRequired,
                "issued no token: AADSTS700082",
            ),
            (Tool::AzureCli, TOKEN, "", ServiceRejected, "it said nothing"),
            (
                Tool::AzureCli,
                "",
                &leak,
                ServiceRejected,
                "the request with *** failed",
            ),
            (
                Tool::AzureDeveloperCli,
                "",
                "ERROR: not logged in, run `azd auth login` to login",
                CredentialMissing,
                "not logged in",
            ),
            (
                Tool::AzureDeveloperCli,
                r#"{"type":"consoleMessage","data":{"message":"ERROR: no network"}}"#,
                "trace",
                ServiceRejected,
                "issued no token: ERROR: no network",
            ),
            (
                Tool::AzureDeveloperCli,
                "",
                r#"{"error":"AADSTS50079","message":"m","suggestion":"run azd auth login"}"#,
                InteractionRequired,
                "AADSTS50079",
            ),
        ] {
            let error = read(tool, stdout, stderr, false).err().unwrap();
            assert_eq!(error.status(), status, "{error}");
            assert!(error.message().contains(says), "{error}");
            assert!(!format!("{error:?}").contains(TOKEN), "{error:?}");
        }
    }
}
