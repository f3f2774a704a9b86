//! When a request to a platform's token service is sent again (MSAL.NET `Http/Retry`).

use std::time::Duration;

use crate::base::error::{Error, Status};
use crate::managed_identity::source::Source;
use crate::service::retry::Next;

/// The retries of one call.
pub(super) struct Retries {
    source: Source,
    allowed: u32,
    made: u32,
    while_updating: u32,
    of_connections: u32,
}

impl Retries {
    /// A call with up to `allowed` retries after ordinary failures; zero turns all of them off.
    pub(super) fn new(source: Source, allowed: u32) -> Self {
        Self {
            source,
            allowed,
            made: 0,
            while_updating: 0,
            of_connections: 0,
        }
    }

    /// Decides whether and when to retry after `error`. `left` is the time that the caller has left.
    pub(super) fn next(&mut self, error: &Error, left: Duration) -> Next {
        let Some(pause) = self.pause(error) else {
            return Next::Never;
        };
        let asked = error.service().and_then(|report| report.retry_after);
        let pause = asked.unwrap_or(pause);
        if pause < left { Next::Again(pause) } else { Next::NoTime }
    }

    fn pause(&mut self, error: &Error) -> Option<Duration> {
        let second = Duration::from_secs(1);
        let (made, most, pause) = match error.service().map(|report| report.http_status) {
            None if matches!(error.status(), Status::ConnectionFailed | Status::RequestTimeout) => {
                (&mut self.of_connections, self.allowed.min(1), second)
            }
            Some(_) if error.service().is_some_and(|report| report.is_broken_off) => {
                (&mut self.of_connections, self.allowed.min(1), second)
            }
            // An update of IMDS takes up to 70 s (its page "Retry guidance").
            Some(410) if self.source == Source::Imds => {
                let most = if self.allowed == 0 { 0 } else { UPDATE_RETRIES };
                (&mut self.while_updating, most, 10 * second)
            }
            Some(status) if is_transient(self.source, status) => {
                let pause = if self.source == Source::Imds {
                    second * (1 << self.made.min(4))
                } else {
                    second
                };
                (&mut self.made, self.allowed, pause)
            }
            _ => return None,
        };
        (*made < most).then(|| {
            *made += 1;
            pause
        })
    }
}

const UPDATE_RETRIES: u32 = 7;

fn is_transient(source: Source, status: u16) -> bool {
    match source {
        Source::Imds => matches!(status, 404 | 408 | 429 | 500..=599),
        // Its page says that 404 stays.
        Source::ServiceFabric => matches!(status, 408 | 429 | 500 | 503 | 504),
        _ => matches!(status, 404 | 408 | 429 | 500 | 503 | 504),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::ServiceReport;

    const HOUR: Duration = Duration::from_secs(3600);

    fn answered(http_status: u16, retry_after: Option<u64>) -> Error {
        Error::new(Status::ServiceUnavailable, "no", "").with_service(ServiceReport {
            http_status,
            retry_after: retry_after.map(Duration::from_secs),
            ..ServiceReport::default()
        })
    }

    fn pauses(source: Source, allowed: u32, error: &Error) -> Vec<u64> {
        let mut retries = Retries::new(source, allowed);
        std::iter::from_fn(|| match retries.next(error, HOUR) {
            Next::Again(pause) => Some(pause.as_secs()),
            Next::Never | Next::NoTime => None,
        })
        .collect()
    }

    #[test]
    fn each_platform_has_its_own_patience() {
        for (source, status, expected) in [
            (Source::Imds, 404, &[1, 2, 4][..]),
            (Source::Imds, 429, &[1, 2, 4]),
            (Source::Imds, 502, &[1, 2, 4]),
            (Source::Imds, 410, &[10; 7]),
            (Source::Imds, 400, &[]),
            (Source::AppService, 404, &[1, 1, 1]),
            (Source::AppService, 410, &[]),
            (Source::AppService, 502, &[]),
            (Source::ServiceFabric, 404, &[]),
            (Source::ServiceFabric, 503, &[1, 1, 1]),
            (Source::Arc, 500, &[1, 1, 1]),
        ] {
            assert_eq!(
                pauses(source, 3, &answered(status, None)),
                expected,
                "{source:?} {status}"
            );
            assert_eq!(
                pauses(source, 0, &answered(status, None)),
                [0; 0],
                "{source:?} {status}"
            );
        }
    }

    #[test]
    fn a_connection_is_tried_once_more() {
        let refused = Error::new(Status::ConnectionFailed, "no", "");
        assert_eq!(pauses(Source::Imds, 3, &refused), [1]);
        assert_eq!(pauses(Source::Imds, 0, &refused), [0; 0]);
        let untrusted = Error::new(Status::TlsFailed, "no", "");
        assert_eq!(pauses(Source::ServiceFabric, 3, &untrusted), [0; 0]);
    }

    #[test]
    fn the_platform_says_how_long_to_wait() {
        assert_eq!(pauses(Source::Imds, 2, &answered(429, Some(30))), [30, 30]);
        let next = Retries::new(Source::Imds, 3).next(&answered(429, Some(30)), Duration::from_secs(30));
        assert_eq!(next, Next::NoTime);
    }
}
