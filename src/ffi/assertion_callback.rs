//! The callback by which the calling program provides client assertions.

use std::ffi::c_void;

use zeroize::Zeroizing;

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::ASSERTION_CALLBACK;
use crate::base::secret::Secret;
use crate::credential::assertion_callback::AssertionCallback;
use crate::credential::assertion_source::LONGEST;
use crate::ffi::argument::null;

/// Provides a client assertion for one token request.
///
/// Gets `context`, the tenant, the client id and the token endpoint (text with a zero byte behind it, which its length
/// does not count), and room for the assertion with its size of 64 KiB; puts the assertion's length into
/// `assertion_len`. Returns 0 on success, 3 when cancelled, 102 when there is no assertion, anything else on failure.
/// White space around the assertion is ignored. Called once for each request that is sent, on threads of the engine,
/// perhaps on several at once, also for renewals in the background. When it takes longer than the call that it is for
/// may, that call ends with status 203, and so does every later one until it has returned.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct GtAssertionCallback(
    pub(super)  Option<
        extern "C" fn(
            context: *mut c_void,
            tenant: *const u8,
            tenant_len: u64,
            client_id: *const u8,
            client_id_len: u64,
            token_endpoint: *const u8,
            token_endpoint_len: u64,
            assertion: *mut u8,
            assertion_capacity: u64,
            assertion_len: *mut u64,
        ) -> i32,
    >,
);

/// Told once that `context` will not be used again.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct GtAssertionRelease(pub(super) Option<extern "C" fn(context: *mut c_void)>);

/// A callback of the caller's, with its context until it is released.
pub(super) struct ExternalAssertion {
    callback: GtAssertionCallback,
    context: *mut c_void,
    release: GtAssertionRelease,
}

// SAFETY: `gt_credential_new_with_assertion` asks for callbacks that may be called with `context` from any thread, on
// several at once; nothing else is done with the pointer.
unsafe impl Send for ExternalAssertion {}
// SAFETY: as above.
unsafe impl Sync for ExternalAssertion {}

impl ExternalAssertion {
    pub(super) fn new(
        callback: GtAssertionCallback,
        context: *mut c_void,
        release: GtAssertionRelease,
    ) -> Result<Self> {
        let external = Self {
            callback,
            context,
            release,
        };
        if external.callback.0.is_none() {
            Err(null("callback"))
        } else {
            Ok(external)
        }
    }
}

impl Drop for ExternalAssertion {
    fn drop(&mut self) {
        if let Some(release) = self.release.0 {
            release(self.context);
        }
    }
}

impl AssertionCallback for ExternalAssertion {
    fn assertion(&self, tenant: &str, client_id: &str, token_endpoint: &str) -> Result<Secret> {
        let callback = self.callback.0.ok_or_else(|| null("callback"))?;
        let [tenant, client_id, endpoint] = [tenant, client_id, token_endpoint].map(|text| format!("{text}\0"));
        let mut room = Zeroizing::new(vec![0; LONGEST]);
        let mut length = 0;
        let outcome = callback(
            self.context,
            tenant.as_ptr(),
            tenant.len() as u64 - 1,
            client_id.as_ptr(),
            client_id.len() as u64 - 1,
            endpoint.as_ptr(),
            endpoint.len() as u64 - 1,
            room.as_mut_ptr(),
            room.len() as u64,
            &raw mut length,
        );
        match (outcome, Status::from_code(outcome)) {
            (0, _) => {
                let given = usize::try_from(length).ok().and_then(|length| room.get(..length));
                given.map(Secret::copy_of).ok_or_else(|| {
                    failed(&format!(
                        "said that the assertion has {length} bytes, and the limit is {LONGEST}"
                    ))
                })
            }
            (_, Some(Status::Cancelled)) => Err(Error::new(
                Status::Cancelled,
                "The client assertion callback was cancelled.",
                "",
            )),
            (_, Some(Status::CredentialMissing)) => Err(Error::new(
                Status::CredentialMissing,
                "The client assertion callback has no client assertion.",
                format!("Return the signed JWT from {ASSERTION_CALLBACK}."),
            )),
            (code, _) => Err(failed(&format!("failed with the number {code}"))),
        }
    }
}

fn failed(what: &str) -> Error {
    Error::new(
        Status::SigningFailed,
        format!("The client assertion callback {what}."),
        format!("Look at the program that provides {ASSERTION_CALLBACK}."),
    )
}
