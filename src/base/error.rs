//! The error type of the engine, and the table of status numbers.
//!
//! Every surface takes its names and numbers from [`Status`]: the C enum, the C# enum, PowerShell's `ErrorId`
//! and the exit codes of `graph-token`.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use crate::base::surface::Surface;
use crate::base::text::Text;

/// The result of every fallible function of the engine.
pub type Result<T> = std::result::Result<T, Error>;

/// The result of a call. The numbers are permanent; a retired number is never reused.
///
/// 0 is success; 1-99 misuse; 100-199 the caller's input; 200-299 the network; 300-399 the service; 400-499 storage.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(name = "GtStatus"))]
pub enum Status {
    /// The call succeeded.
    Ok = 0,
    /// A required pointer is NULL.
    NullPointer = 1,
    /// The engine panicked, which is a defect of the engine. The process and other handles are unharmed.
    InternalError = 2,
    /// The caller cancelled the call.
    Cancelled = 3,
    /// The wrapper was built for another ABI version than the library's.
    NativeLibraryMismatch = 4,
    /// A handle is not one of the object that the function takes, or was freed.
    InvalidHandle = 5,
    /// An argument or option has an invalid value.
    InvalidArgument = 100,
    /// The tenant or authority is not valid, or they contradict each other.
    InvalidAuthority = 101,
    /// No application or user credential was given.
    CredentialMissing = 102,
    /// The certificate was not found.
    CertificateNotFound = 110,
    /// The certificate file is damaged or has an unknown format.
    CertificateUnreadable = 111,
    /// The password of the certificate file or key is missing or wrong.
    CertificatePasswordIncorrect = 112,
    /// The certificate has no private key.
    PrivateKeyMissing = 113,
    /// The private key does not belong to the certificate.
    PrivateKeyMismatch = 114,
    /// The private key's type or size is not supported for client assertions.
    PrivateKeyUnsupported = 115,
    /// The private key exists, but this account may not use it.
    PrivateKeyInaccessible = 116,
    /// The private key failed to sign, or its signature is not valid.
    SigningFailed = 117,
    /// The token service could not be reached: name resolution or the connection failed, or the connection broke.
    ConnectionFailed = 200,
    /// The TLS handshake failed, most often because the server's certificate is not trusted.
    TlsFailed = 201,
    /// The proxy refused the connection or cannot be used.
    ProxyFailed = 202,
    /// The call exceeded its time limit.
    RequestTimeout = 203,
    /// The service refused the request for a reason that no other status covers.
    ServiceRejected = 300,
    /// The service rejected the application's credential (`invalid_client`).
    ClientCredentialRejected = 301,
    /// The service rejected the user's credential (`invalid_grant`).
    UserCredentialRejected = 302,
    /// The user must sign in interactively.
    InteractionRequired = 303,
    /// The service throttles requests.
    Throttled = 304,
    /// The service is temporarily unavailable.
    ServiceUnavailable = 305,
    /// The response is not a valid token response.
    MalformedResponse = 306,
    /// The token cache file cannot be read, is damaged, or does not have the expected protection.
    CacheUnreadable = 400,
    /// The token cache file cannot be written or removed.
    CacheUnwritable = 401,
    /// Another process kept the token cache file locked for too long.
    CacheLocked = 402,
    /// Nothing protects the token cache file: the user's account does not, or other users can write a folder for plain
    /// text.
    CacheProtectionUnavailable = 403,
}

impl Status {
    /// Every status, in the order of its number.
    pub const fn all() -> [Self; 32] {
        [
            Self::Ok,
            Self::NullPointer,
            Self::InternalError,
            Self::Cancelled,
            Self::NativeLibraryMismatch,
            Self::InvalidHandle,
            Self::InvalidArgument,
            Self::InvalidAuthority,
            Self::CredentialMissing,
            Self::CertificateNotFound,
            Self::CertificateUnreadable,
            Self::CertificatePasswordIncorrect,
            Self::PrivateKeyMissing,
            Self::PrivateKeyMismatch,
            Self::PrivateKeyUnsupported,
            Self::PrivateKeyInaccessible,
            Self::SigningFailed,
            Self::ConnectionFailed,
            Self::TlsFailed,
            Self::ProxyFailed,
            Self::RequestTimeout,
            Self::ServiceRejected,
            Self::ClientCredentialRejected,
            Self::UserCredentialRejected,
            Self::InteractionRequired,
            Self::Throttled,
            Self::ServiceUnavailable,
            Self::MalformedResponse,
            Self::CacheUnreadable,
            Self::CacheUnwritable,
            Self::CacheLocked,
            Self::CacheProtectionUnavailable,
        ]
    }

    /// The permanent number, as the C ABI returns it.
    pub const fn code(self) -> i32 {
        self as i32
    }

    /// The status with this number, or `None` for a number that this version does not know.
    pub fn from_code(code: i32) -> Option<Self> {
        Self::all().into_iter().find(|status| status.code() == code)
    }

    /// The name that all surfaces show: the `Kind` of the .NET exception and the `ErrorId` in PowerShell.
    pub fn name(self) -> String {
        format!("{self:?}")
    }

    /// The exit code of `graph-token` for this status.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::NullPointer | Self::InternalError | Self::NativeLibraryMismatch | Self::InvalidHandle => 70,
            Self::Cancelled => 130,
            Self::ConnectionFailed => 4,
            Self::TlsFailed => 5,
            Self::ProxyFailed => 6,
            Self::RequestTimeout => 7,
            Self::ServiceRejected | Self::ClientCredentialRejected | Self::UserCredentialRejected => 8,
            Self::InteractionRequired => 9,
            Self::Throttled | Self::ServiceUnavailable => 10,
            Self::MalformedResponse => 11,
            Self::CacheUnreadable | Self::CacheUnwritable | Self::CacheLocked | Self::CacheProtectionUnavailable => 12,
            _ => 3,
        }
    }
}

/// What went wrong, why, and what to do next. Never contains a secret.
#[derive(Clone, Debug)]
pub struct Error {
    /// In a box, so that the results of calls that succeed stay small.
    report: Box<Report>,
}

#[derive(Clone, Debug)]
struct Report {
    status: Status,
    message: Text,
    hint: Text,
    service: Option<ServiceReport>,
    ran_out_of_time: bool,
}

impl Error {
    /// An error with its root cause first in `message`, as a whole sentence, and in `hint` what the reader should do
    /// next. Both may name a [`Parameter`](crate::base::parameter::Parameter).
    pub fn new(status: Status, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            report: Box::new(Report {
                status,
                message: message.into().into(),
                hint: hint.into().into(),
                service: None,
                ran_out_of_time: false,
            }),
        }
    }

    /// The same error with what the token service said about it.
    #[must_use]
    pub fn with_service(mut self, report: ServiceReport) -> Self {
        self.report.service = Some(report);
        self
    }

    /// The same error of another kind.
    #[cfg(feature = "flows")]
    #[must_use]
    pub fn with_status(mut self, status: Status) -> Self {
        self.report.status = status;
        self
    }

    /// The same error with another hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.report.hint = hint.into().into();
        self
    }

    /// The same error, marked as the error of a call that stopped only because its time was up.
    #[must_use]
    pub fn out_of_time(mut self) -> Self {
        self.report.ran_out_of_time = true;
        self
    }

    /// The error of a cancelled call.
    pub fn cancelled() -> Self {
        Self::new(Status::Cancelled, "The call was cancelled.", "")
    }

    /// The error for a caught panic, which is a defect of the engine. It contains the panic's message.
    pub fn from_panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::new(
            Status::InternalError,
            format!("The engine panicked: {}.", text.unwrap_or("no reason was given")),
            "Report this message as a defect of GraphToken.",
        )
    }

    /// The error for random numbers that the operating system does not supply.
    pub fn no_random_numbers() -> Self {
        Self::new(
            Status::InternalError,
            "The operating system does not supply random numbers.",
            "Restart the machine.",
        )
    }

    /// The kind of error.
    pub fn status(&self) -> Status {
        self.report.status
    }

    /// What went wrong, root cause first, in the words of the C interface.
    pub fn message(&self) -> &str {
        self.report.message.in_c()
    }

    /// What to do next, in the words of the C interface; empty when there is nothing to say.
    pub fn hint(&self) -> &str {
        self.report.hint.in_c()
    }

    /// What went wrong, root cause first, in the words of a surface.
    pub fn message_on(&self, surface: Surface) -> &str {
        self.report.message.on(surface)
    }

    /// What to do next, in the words of a surface; empty when there is nothing to say.
    pub fn hint_on(&self, surface: Surface) -> &str {
        self.report.hint.on(surface)
    }

    /// What went wrong, for use in the message of another error, which then names the same parameters.
    pub fn cause(&self) -> &str {
        self.report.message.source()
    }

    /// What to do next, for use as the hint of another error.
    pub fn advice(&self) -> &str {
        self.report.hint.source()
    }

    /// Whether the same call could have succeeded with more time.
    pub fn ran_out_of_time(&self) -> bool {
        self.report.ran_out_of_time
    }

    /// What the token service said; `None` if the error is not a response of the service.
    pub fn service(&self) -> Option<&ServiceReport> {
        self.report.service.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message())
    }
}

impl std::error::Error for Error {}

/// The error response of a token service (RFC 6749 section 5.2, and Microsoft's additions in "Microsoft identity
/// platform: Authentication and authorization error codes").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceReport {
    /// OAuth `error`, such as `invalid_client`; empty if the response had none.
    pub oauth_error: String,
    /// Microsoft's `suberror`; empty if the response had none.
    pub suberror: String,
    /// The AADSTS numbers, most specific first.
    pub codes: Vec<u32>,
    /// The HTTP status of the response.
    pub http_status: u16,
    /// The id that identifies this request in the tenant's sign-in logs.
    pub correlation_id: String,
    /// The service's own id of this response.
    pub trace_id: String,
    /// How long the service asks to wait before the next request.
    pub retry_after: Option<Duration>,
    /// The claims challenge to pass on with the next request; empty if the response had none.
    pub claims: String,
    /// Whether the connection broke before the end of the response.
    pub is_broken_off: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::parameter::{RETRIES, TIMEOUT};

    #[test]
    fn all_is_complete_sorted_and_distinct() {
        let codes: Vec<i32> = Status::all().iter().map(|status| status.code()).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
        let source = include_str!("error.rs");
        let listed = source
            .split("pub enum Status {")
            .nth(1)
            .and_then(|rest| rest.split("\n}").next())
            .unwrap();
        let declared = listed
            .lines()
            .filter(|line| line.contains(" = ") && !line.trim_start().starts_with("//"))
            .count();
        assert_eq!(declared, Status::all().len());
    }

    #[test]
    fn an_error_speaks_the_words_of_each_surface() {
        let error = Error::new(
            Status::InvalidArgument,
            format!("Invalid value for {TIMEOUT}."),
            format!("Use {RETRIES} too."),
        );
        assert_eq!(error.message(), "Invalid value for option http.timeout_seconds.");
        assert_eq!(
            error.message_on(Surface::PowerShell),
            "Invalid value for -TimeoutSeconds."
        );
        assert_eq!(error.hint_on(Surface::Command), "Use --retries too.");
        let outer = Error::new(
            error.status(),
            format!("The call failed: {}", error.cause()),
            error.advice(),
        );
        assert_eq!(
            outer.message_on(Surface::Dotnet),
            "The call failed: Invalid value for WithTimeout."
        );
        assert_eq!(outer.hint_on(Surface::Dotnet), "Use WithRetries too.");
    }

    #[test]
    fn a_number_finds_its_status() {
        assert_eq!(Status::from_code(301), Some(Status::ClientCredentialRejected));
        assert_eq!(Status::from_code(99), None);
    }
}
