//! Checks of the route to the service: proxy, connection, TLS and clock, and the tenant at its end.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::authority::Authority;
use crate::base::correlation_id::CorrelationId;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::AUTHORITY;
use crate::base::quote::quote;
use crate::base::secret::Secret;
use crate::certificate::Certificate;
use crate::client::options::Options;
use crate::diagnosis::finding::{Check, Finding, day, found};
use crate::http::HttpAnswer;
use crate::http::https::{Connection, HttpsTransport};
use crate::http::proxy::ProxyAddress;
use crate::http::tls::Peer;
use crate::http::transport::Transport;
use crate::service::response::{self, Asked};

/// The reason for skipping what lies behind a failure.
const UNREACHED: &str = "The service was not reached.";

/// The difference from which a clock gets a warning. A clock that is less fast does no harm, because assertions are
/// dated back by one minute ([`crate::credential::assertion`]).
const SMALL_DIFFERENCE: Duration = Duration::from_secs(60);

/// The difference that Entra does not tolerate any more (AADSTS700024), according to observations.
const LARGE_DIFFERENCE: Duration = Duration::from_secs(5 * 60);

/// Requests the authority's OpenID Connect metadata, and adds the findings from proxy to tenant. Returns the transport
/// if it reached the service. No finding shows the application's `secret`, which an answer may repeat from elsewhere.
pub(super) fn findings(
    authority: &Authority,
    options: &Options,
    secret: Option<&Secret>,
    findings: &mut Vec<Finding>,
) -> Result<Option<HttpsTransport>> {
    let (settings, url) = (&options.client.transport, authority.discovery_endpoint());
    let connection = match Connection::resolve(settings, &url) {
        Ok(connection) => {
            findings.push(Finding::passed(
                Check::Proxy,
                describe_proxy(connection.proxy_for(&url)),
            ));
            connection
        }
        Err(error) => {
            findings.push(Finding::of_error(Check::Proxy, &error));
            skip(findings, &BEHIND_PROXY, UNREACHED);
            return Ok(None);
        }
    };
    let transport = match HttpsTransport::new(connection) {
        Ok(transport) => transport,
        Err(error) => {
            findings.push(Finding::skipped(Check::Connection, "TLS is not available."));
            findings.push(Finding::of_error(Check::Tls, &error));
            skip(findings, &BEHIND_TLS, UNREACHED);
            return Ok(None);
        }
    };
    let correlation_id = CorrelationId::random()?;
    let asked_at = SystemTime::now();
    let outcome = found(transport.get(&url, correlation_id.as_str(), options.request.timeout))?;
    let answered_at = SystemTime::now();
    let tls = url.starts_with("https:");
    match outcome {
        Err(error) => {
            unreached(&error, tls.then(|| transport.peer()).flatten().as_ref(), findings);
            Ok(None)
        }
        Ok(answer) => {
            let secrets: Vec<&Secret> = secret.into_iter().chain(transport.secret()).collect();
            let asked = Asked {
                endpoint: &url,
                correlation_id: correlation_id.as_str(),
                secrets: &secrets,
                sent_refresh_token: false,
                now: answered_at,
            };
            let tenant = tenant(&answer, &asked, authority);
            let trusted = trusted_tls(transport.peer().as_ref());
            match tenant {
                Reply::Other(error) => {
                    findings.push(Finding::of_error(Check::Connection, &error));
                    findings.push(trusted);
                    skip(findings, &BEHIND_TLS, "The response is not from the token service.");
                    Ok(None)
                }
                Reply::Service(tenant) => {
                    let host = authority.base();
                    findings.push(Finding::passed(
                        Check::Connection,
                        format!("The service at {host} responds."),
                    ));
                    findings.push(trusted);
                    findings.push(clock(answer.date.as_deref(), asked_at, answered_at));
                    findings.push(tenant);
                    Ok(Some(transport))
                }
            }
        }
    }
}

const BEHIND_PROXY: [Check; 4] = [Check::Connection, Check::Tls, Check::Clock, Check::Tenant];
const BEHIND_TLS: [Check; 2] = [Check::Clock, Check::Tenant];

fn skip(findings: &mut Vec<Finding>, checks: &[Check], reason: &str) {
    findings.extend(checks.iter().map(|check| Finding::skipped(*check, reason)));
}

fn describe_proxy(proxy: Option<&ProxyAddress>) -> String {
    match proxy {
        None => "No proxy is used.".to_owned(),
        Some(proxy) => format!("The proxy is {proxy}, from {}.", proxy.origin()),
    }
}

/// Adds the error as a finding of the check that it belongs to.
fn unreached(error: &Error, peer: Option<&Peer>, findings: &mut Vec<Finding>) {
    match error.status() {
        Status::ProxyFailed => {
            // Replaces the finding that named the proxy.
            findings.pop();
            findings.push(Finding::of_error(Check::Proxy, error));
            skip(findings, &BEHIND_PROXY, UNREACHED);
        }
        Status::TlsFailed => {
            findings.push(Finding::passed(
                Check::Connection,
                "A server responds; the TLS check verifies whether it is the service.",
            ));
            findings.push(untrusted_tls(error, peer));
            skip(findings, &BEHIND_TLS, UNREACHED);
        }
        _ => {
            findings.push(Finding::of_error(Check::Connection, error));
            skip(findings, &BEHIND_PROXY[1..], UNREACHED);
        }
    }
}

fn trusted_tls(peer: Option<&Peer>) -> Finding {
    match peer {
        None => Finding::skipped(Check::Tls, "The authority uses http on this machine, without TLS."),
        Some(peer) => Finding::passed(Check::Tls, describe_peer(peer)),
    }
}

fn untrusted_tls(error: &Error, peer: Option<&Peer>) -> Finding {
    let shown = peer.map(|peer| format!(" {}", describe_peer(peer))).unwrap_or_default();
    Finding::failed(
        Check::Tls,
        error.status(),
        format!("{}{shown}", error.cause()),
        error.advice(),
    )
}

/// Describes the server's certificate. The names in it come from its issuer, so they are quoted like any text from
/// outside.
fn describe_peer(peer: &Peer) -> String {
    match Certificate::from_der(peer.certificate.clone()) {
        Ok(certificate) => format!(
            "The certificate of {} is {}, issued by {}, valid until {}.",
            peer.host,
            quote(certificate.subject(), &[]),
            quote(certificate.issuer(), &[]),
            day(certificate.not_after())
        ),
        Err(_) => format!("The certificate of {} cannot be read.", peer.host),
    }
}

fn clock(date: Option<&str>, asked_at: SystemTime, answered_at: SystemTime) -> Finding {
    const CHECK: Check = Check::Clock;
    const SET: &str = if cfg!(windows) {
        "Synchronize this machine's clock with a time service (w32tm /resync). Client assertions are corrected by the \
         service's time, but certificates are still checked by this clock."
    } else {
        "Synchronize this machine's clock with a time service (timedatectl set-ntp true). Client assertions are \
         corrected by the service's time, but certificates are still checked by this clock."
    };
    let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        return Finding::skipped(CHECK, "The service's response does not have the time.");
    };
    // The header has whole seconds, and was written at some time between request and response.
    let ahead = asked_at
        .duration_since(theirs + Duration::from_secs(1))
        .unwrap_or_default();
    let behind = theirs.duration_since(answered_at).unwrap_or_default();
    let (difference, direction) = if ahead > behind {
        (ahead, "ahead of")
    } else {
        (behind, "behind")
    };
    let detail = format!(
        "This machine's clock is {} {direction} the service's clock.",
        words(difference)
    );
    if difference > LARGE_DIFFERENCE {
        // The status of a request that is signed at such a time.
        Finding::failed(CHECK, Status::ClientCredentialRejected, detail, SET)
    } else if difference > SMALL_DIFFERENCE {
        Finding::warning(CHECK, detail, SET)
    } else if difference.as_secs() == 0 {
        Finding::passed(CHECK, "This machine's clock agrees with the service's clock.")
    } else {
        Finding::passed(CHECK, detail)
    }
}

/// `20 minutes`; in seconds below two minutes, in hours from two hours, in days from two days.
fn words(difference: Duration) -> String {
    let seconds = difference.as_secs();
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => ((seconds + 30) / 60, "minute"),
        7_200..172_800 => ((seconds + 1_800) / 3_600, "hour"),
        _ => ((seconds + 43_200) / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// The sender of the response to the request for the authority's metadata.
enum Reply {
    /// The service; the finding is about the tenant.
    Service(Finding),
    /// Another server, or a service that is unavailable now.
    Other(Error),
}

fn tenant(answer: &HttpAnswer, asked: &Asked, authority: &Authority) -> Reply {
    if answer.status == 200 && answer.cut_off.is_none() {
        if let Some(issuer) = issuer(answer.body.expose()) {
            return Reply::Service(Finding::passed(
                Check::Tenant,
                format!(
                    "The tenant {} exists; its issuer is {}.",
                    authority.tenant(),
                    quote(&issuer, asked.secrets)
                ),
            ));
        }
    }
    match response::read(answer, asked) {
        Err(error) if error.service().is_some_and(|report| !report.codes.is_empty()) => {
            Reply::Service(Finding::of_error(Check::Tenant, &error))
        }
        Err(error) => Reply::Other(error),
        Ok(_) => Reply::Other(Error::new(
            Status::MalformedResponse,
            format!(
                "Unexpected response from {}: a token that was not requested.",
                asked.endpoint
            ),
            format!("Check {AUTHORITY}."),
        )),
    }
}

/// The `issuer` in the authority's metadata (OpenID Connect Discovery 1.0 section 3).
fn issuer(body: &[u8]) -> Option<String> {
    let description: Value = serde_json::from_slice(body).ok()?;
    description.get("token_endpoint")?.as_str()?;
    Some(description.get("issuer")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::from_unix_seconds;
    use crate::diagnosis::finding::FindingStatus;

    const NOON: i64 = 1_795_521_600;

    fn clock_at(difference: i64) -> Finding {
        let date = httpdate::fmt_http_date(from_unix_seconds(NOON - difference));
        clock(Some(&date), from_unix_seconds(NOON), from_unix_seconds(NOON))
    }

    #[test]
    fn the_clock_is_judged_by_its_difference() {
        for (difference, status, says) in [
            (0, FindingStatus::Passed, "agrees"),
            (31, FindingStatus::Passed, "30 seconds ahead of"),
            (62, FindingStatus::Warning, "61 seconds ahead of"),
            (-61, FindingStatus::Warning, "61 seconds behind"),
            (-300, FindingStatus::Warning, "5 minutes behind"),
            (-301, FindingStatus::Failed, "5 minutes behind"),
            (1_200, FindingStatus::Failed, "20 minutes ahead of"),
            (-1_200, FindingStatus::Failed, "20 minutes behind"),
            (-172_800, FindingStatus::Failed, "2 days behind"),
        ] {
            let finding = clock_at(difference);
            assert_eq!(finding.status, status, "{difference}: {}", finding.detail);
            assert!(finding.detail.in_c().contains(says), "{difference}: {}", finding.detail);
        }
        assert_eq!(
            clock(None, from_unix_seconds(NOON), from_unix_seconds(NOON)).status,
            FindingStatus::Skipped
        );
    }

    #[test]
    fn a_slow_response_is_not_taken_for_a_wrong_clock() {
        let date = httpdate::fmt_http_date(from_unix_seconds(NOON));
        let finding = clock(Some(&date), from_unix_seconds(NOON), from_unix_seconds(NOON + 600));
        assert_eq!(finding.status, FindingStatus::Passed);
    }

    #[test]
    fn only_a_token_service_can_confirm_a_tenant() {
        let authority = Authority::new("contoso.com", None, None).unwrap();
        let secret = Secret::copy_of(b"s3cret value");
        let secrets = [&secret];
        let reply = |status, body: &str| {
            let answer = HttpAnswer {
                status,
                body: Secret::copy_of(body.as_bytes()),
                ..HttpAnswer::default()
            };
            let asked = Asked {
                endpoint: "https://login.microsoftonline.com/contoso.com",
                correlation_id: "",
                secrets: &secrets,
                sent_refresh_token: false,
                now: from_unix_seconds(NOON),
            };
            tenant(&answer, &asked, &authority)
        };
        let description = r#"{"token_endpoint": "https://a/token", "issuer": "https://a/b/v2.0"}"#;
        assert!(matches!(reply(200, description), Reply::Service(finding) if finding.status == FindingStatus::Passed));
        let echo = r#"{"token_endpoint": "https://a/token", "issuer": "s3cret%20value"}"#;
        assert!(matches!(reply(200, echo), Reply::Service(finding) if finding.detail.in_c().contains("is ***")));
        let refusal = r#"{"error": "invalid_tenant", "error_description": "AADSTS90002: no", "error_codes": [90002]}"#;
        assert!(matches!(reply(400, refusal), Reply::Service(finding) if finding.status == FindingStatus::Failed));
        for (status, body) in [
            (200, "<html><title>Access denied</title></html>"),
            (200, "{}"),
            (200, ""),
            (302, ""),
            (403, "{\"error\": \"blocked\"}"),
            (502, "<html>"),
            (200, r#"{"issuer": "https://a"}"#),
        ] {
            assert!(matches!(reply(status, body), Reply::Other(_)), "{status} {body}");
        }
    }

    #[test]
    fn an_unreadable_certificate_is_still_reported() {
        let peer = Peer {
            host: "login.example".to_owned(),
            certificate: vec![0x30, 0],
        };
        assert_eq!(describe_peer(&peer), "The certificate of login.example cannot be read.");
    }
}
