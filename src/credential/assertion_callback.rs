//! Assertions from the calling program.

use std::fmt;
use std::sync::Arc;

use crate::base::correlation_id::random_uuid;
use crate::base::error::{Error, Result, Status};
use crate::base::parameter::{ASSERTION_CALLBACK, Parameter};
use crate::base::secret::Secret;
use crate::base::time_limited::{Callee, TimeLimited};
use crate::credential::assertion_source::{AssertionSource, Wanted, checked};

/// A function of the calling program that provides client assertions.
pub trait AssertionCallback: Send + Sync {
    /// An assertion for one request of `client_id` to `token_endpoint` of `tenant`. Called once for each request, on
    /// threads of the engine, perhaps on several at once.
    fn assertion(&self, tenant: &str, client_id: &str, token_endpoint: &str) -> Result<Secret>;
}

/// Calls a function for each token request.
pub struct CalledAssertion {
    callback: Arc<dyn AssertionCallback>,
    /// Random: nothing else tells one function from another.
    identity: String,
    time_limited: TimeLimited,
}

const CALLBACK: Callee = Callee {
    thread: "graphtoken-assertion",
    name: "the callback that provides the client assertion",
    hint: "Check the program that provides the client assertion: it does not answer in time.",
};

impl CalledAssertion {
    /// Calls `callback`. Only clients with this credential share its tokens.
    ///
    /// # Errors
    /// `InternalError` if the operating system has no random numbers.
    pub fn new(callback: Arc<dyn AssertionCallback>) -> Result<Self> {
        Ok(Self {
            callback,
            identity: random_uuid()?,
            time_limited: TimeLimited::new(CALLBACK),
        })
    }
}

impl AssertionSource for CalledAssertion {
    fn assertion(&self, wanted: &Wanted<'_>) -> Result<Secret> {
        let callback = Arc::clone(&self.callback);
        let [tenant, client_id, endpoint] = [wanted.tenant, wanted.client_id, wanted.token_endpoint].map(str::to_owned);
        let call = move || callback.assertion(&tenant, &client_id, &endpoint);
        let given = self.time_limited.run(wanted.left(), call)??;
        let assertion = checked(&given, "What the client assertion callback returned", self.parameter())?;
        assertion.ok_or_else(|| {
            Error::new(
                Status::CredentialMissing,
                "The client assertion callback returned an empty client assertion.",
                format!("Return the signed JWT from {ASSERTION_CALLBACK}."),
            )
        })
    }

    fn proof(&self) -> (&'static str, &[u8]) {
        ("assertion callback", self.identity.as_bytes())
    }

    fn parameter(&self) -> &'static Parameter {
        &ASSERTION_CALLBACK
    }
}

impl fmt::Debug for CalledAssertion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CalledAssertion").finish_non_exhaustive()
    }
}
