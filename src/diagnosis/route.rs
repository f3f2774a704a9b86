//! The way to the service: proxy, connection, TLS, clock; and at its end the tenant.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::authority::Authority;
use crate::base::correlation_id::CorrelationId;
use crate::base::error::{Error, Result, Status};
use crate::base::quote::quote;
use crate::certificate::Certificate;
use crate::client::options::Options;
use crate::diagnosis::finding::{Check, Finding, day, found};
use crate::http::HttpAnswer;
use crate::http::https::{Connection, HttpsTransport};
use crate::http::tls::Peer;
use crate::http::transport::{ProxyChoice, TransportSettings};
use crate::service::response::{self, Asked};

/// What lies on the way, when an earlier part of it fails.
const UNREACHED: &str = "The service was not reached.";

/// A client assertion is dated back by one minute ([`crate::credential::assertion`]); a fast clock is no problem up to there.
const SMALL_DIFFERENCE: Duration = Duration::from_secs(60);

/// The tolerance of Entra (AADSTS700024), as far as it is known.
const LARGE_DIFFERENCE: Duration = Duration::from_secs(5 * 60);

/// Asks for the authority's description of itself, and adds the findings from proxy to tenant. Gives the transport that
/// reached the service.
pub(super) fn findings(
    authority: &Authority,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Result<Option<HttpsTransport>> {
    let (settings, url) = (&options.client.transport, authority.discovery_endpoint());
    let connection = match Connection::resolve(settings, &url).and_then(|c| Ok((c.proxy_for(&url)?, c))) {
        Ok((proxy, connection)) => {
            findings.push(Finding::passed(Check::Proxy, proxy_words(proxy.as_deref(), settings)));
            connection
        }
        Err(error) => {
            findings.push(Finding::of_error(Check::Proxy, &error));
            skip(findings, &BEHIND_PROXY, UNREACHED);
            return Ok(None);
        }
    };
    let transport = match HttpsTransport::new(&connection) {
        Ok(transport) => transport,
        Err(error) => {
            findings.push(Finding::skipped(Check::Connection, "TLS cannot be used."));
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
            let asked = Asked {
                endpoint: &url,
                correlation_id: correlation_id.as_str(),
                secrets: &[],
                now: answered_at,
            };
            let tenant = tenant(&answer, &asked, authority);
            let trusted = tls_words(transport.peer().as_ref());
            match tenant {
                Reply::Stranger(error) => {
                    findings.push(Finding::of_error(Check::Connection, &error));
                    findings.push(trusted);
                    skip(findings, &BEHIND_TLS, "It is not the token service that answered.");
                    Ok(None)
                }
                Reply::Service(tenant) => {
                    let host = authority.base();
                    findings.push(Finding::passed(Check::Connection, format!("{host} answers.")));
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

fn proxy_words(proxy: Option<&str>, settings: &TransportSettings) -> String {
    match (proxy, &settings.proxy) {
        (None, _) => "None is used.".to_owned(),
        (Some(proxy), ProxyChoice::Environment) => format!("{proxy}, which HTTPS_PROXY of the environment names."),
        (Some(proxy), _) => format!("{proxy}, which the settings name."),
    }
}

/// Puts the error where on the way it belongs.
fn unreached(error: &Error, peer: Option<&Peer>, findings: &mut Vec<Finding>) {
    match error.status() {
        Status::ProxyFailed => {
            // The proxy that was found in use is the one that failed.
            findings.pop();
            findings.push(Finding::of_error(Check::Proxy, error));
            skip(findings, &BEHIND_PROXY, UNREACHED);
        }
        Status::TlsFailed => {
            findings.push(Finding::passed(
                Check::Connection,
                "Somebody answers; whether it is the service is for TLS to say.",
            ));
            findings.push(untrusted(error, peer));
            skip(findings, &BEHIND_TLS, UNREACHED);
        }
        _ => {
            findings.push(Finding::of_error(Check::Connection, error));
            skip(findings, &BEHIND_PROXY[1..], UNREACHED);
        }
    }
}

fn tls_words(peer: Option<&Peer>) -> Finding {
    match peer {
        None => Finding::skipped(
            Check::Tls,
            "Plain http: the service runs on this machine, and nothing is encrypted.",
        ),
        Some(peer) => Finding::passed(Check::Tls, peer_words(peer)),
    }
}

fn untrusted(error: &Error, peer: Option<&Peer>) -> Finding {
    let shown = peer.map(|peer| format!(" {}", peer_words(peer))).unwrap_or_default();
    Finding::failed(
        Check::Tls,
        error.status(),
        format!("{}{shown}", error.message()),
        error.hint(),
    )
}

/// Names are written by whoever made the certificate, so they are quoted like any text from outside.
fn peer_words(peer: &Peer) -> String {
    match Certificate::from_der(peer.certificate.clone()) {
        Ok(certificate) => format!(
            "{} shows the certificate {}, issued by {}, valid until {}.",
            peer.host,
            quote(certificate.subject(), &[]),
            quote(certificate.issuer(), &[]),
            day(certificate.not_after())
        ),
        Err(_) => format!("{} shows a certificate that cannot be read.", peer.host),
    }
}

fn clock(date: Option<&str>, asked_at: SystemTime, answered_at: SystemTime) -> Finding {
    const CHECK: Check = Check::Clock;
    const SET: &str = "Set this machine's clock, and let a time service keep it (w32tm /resync, timedatectl set-ntp true). \
                       Assertions are corrected by what the service says; certificates are still judged by this clock.";
    let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        return Finding::skipped(CHECK, "The service did not say what time it is.");
    };
    // The header has whole seconds, and was written at some time between question and answer.
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
        "This machine's clock is {} {direction} the service's.",
        words(difference)
    );
    if difference > LARGE_DIFFERENCE {
        // What the service says to what is signed at such a time.
        Finding::failed(CHECK, Status::ClientCredentialRejected, detail, SET)
    } else if difference > SMALL_DIFFERENCE {
        Finding::warning(CHECK, detail, SET)
    } else if difference.as_secs() == 0 {
        Finding::passed(CHECK, "This machine's clock and the service's agree.")
    } else {
        Finding::passed(CHECK, detail)
    }
}

/// `20 minutes`; seconds below two minutes, hours from two hours on, days from two days on.
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

/// Who answered the question for the authority's description.
enum Reply {
    /// The service, and so there is something to say about the tenant.
    Service(Finding),
    /// Somebody else, or nobody who can answer now.
    Stranger(Error),
}

fn tenant(answer: &HttpAnswer, asked: &Asked, authority: &Authority) -> Reply {
    if answer.status == 200 && answer.cut_off.is_none() {
        if let Some(issuer) = issuer(answer.body.expose()) {
            return Reply::Service(Finding::passed(
                Check::Tenant,
                format!("{} exists; its issuer is {}.", authority.tenant(), quote(&issuer, &[])),
            ));
        }
    }
    match response::read(answer, asked) {
        Err(error) if error.service().is_some_and(|report| !report.codes.is_empty()) => {
            Reply::Service(Finding::of_error(Check::Tenant, &error))
        }
        Err(error) => Reply::Stranger(error),
        Ok(_) => Reply::Stranger(Error::new(
            Status::MalformedResponse,
            format!("{} answered with a token that nobody asked for.", asked.endpoint),
            "Check the authority's address.",
        )),
    }
}

/// The `issuer` of the authority's description (OpenID Connect Discovery 1.0 section 3).
fn issuer(body: &[u8]) -> Option<String> {
    let description: Value = serde_json::from_slice(body).ok()?;
    description.get("token_endpoint")?.as_str()?;
    Some(description.get("issuer")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::from_unix_seconds;
    use crate::base::secret::Secret;
    use crate::diagnosis::finding::FindingStatus;

    const NOON: i64 = 1_795_521_600;

    fn clock_at(difference: i64) -> Finding {
        let date = httpdate::fmt_http_date(from_unix_seconds(NOON - difference));
        clock(Some(&date), from_unix_seconds(NOON), from_unix_seconds(NOON))
    }

    #[test]
    fn the_clock_is_judged_by_how_far_it_is_off() {
        for (difference, status, says) in [
            (0, FindingStatus::Passed, "agree"),
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
    fn a_slow_answer_is_no_wrong_clock() {
        let date = httpdate::fmt_http_date(from_unix_seconds(NOON));
        let finding = clock(Some(&date), from_unix_seconds(NOON), from_unix_seconds(NOON + 600));
        assert_eq!(finding.status, FindingStatus::Passed);
    }

    #[test]
    fn only_a_token_service_knows_a_tenant() {
        let authority = Authority::new("contoso.com", None, None).unwrap();
        let reply = |status, body: &str| {
            let answer = HttpAnswer {
                status,
                body: Secret::copy_of(body.as_bytes()),
                ..HttpAnswer::default()
            };
            let asked = Asked {
                endpoint: "https://login.microsoftonline.com/contoso.com",
                correlation_id: "",
                secrets: &[],
                now: from_unix_seconds(NOON),
            };
            tenant(&answer, &asked, &authority)
        };
        let description = r#"{"token_endpoint": "https://a/token", "issuer": "https://a/b/v2.0"}"#;
        assert!(matches!(reply(200, description), Reply::Service(finding) if finding.status == FindingStatus::Passed));
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
            assert!(matches!(reply(status, body), Reply::Stranger(_)), "{status} {body}");
        }
    }

    #[test]
    fn a_certificate_that_cannot_be_read_is_still_spoken_of() {
        let peer = Peer {
            host: "login.example".to_owned(),
            certificate: vec![0x30, 0],
        };
        assert_eq!(
            peer_words(&peer),
            "login.example shows a certificate that cannot be read."
        );
    }
}
