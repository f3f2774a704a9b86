//! The C interface as a C program uses it, with types that own its handles.

use std::hint::black_box;
use std::path::Path;
use std::ptr::{null, null_mut};

use graphtoken::ffi::assertion::{GtAssertion, gt_assertion_free};
use graphtoken::ffi::cancel::GtCancel;
use graphtoken::ffi::certificate::{gt_certificate_free, gt_certificate_new_from_file};
use graphtoken::ffi::client::{GtClient, gt_client_acquire, gt_client_assertion, gt_client_free, gt_client_new};
use graphtoken::ffi::credential::{
    GtCredential, gt_credential_free, gt_credential_new_certificate, gt_credential_new_secret,
};
use graphtoken::ffi::error::{GtError, gt_error_free, gt_error_message};
use graphtoken::ffi::options::{GtOptions, gt_options_free, gt_options_new, gt_options_set};
use graphtoken::ffi::request::{GtRequest, gt_request_free, gt_request_new_client_credentials};
use graphtoken::ffi::text::GtStr;
use graphtoken::ffi::token::{GtToken, gt_token_free};

/// The application's credential.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    Secret(&'a str),
    Certificate(&'a Path),
}

/// A `gt_client` with the functions that are measured. They are called through pointers that the compiler cannot
/// inline, as in a program that loads the library.
pub struct AbiClient {
    handle: *mut GtClient,
    acquire: Acquire,
    free_token: unsafe extern "C" fn(*mut GtToken),
}

type Acquire = unsafe extern "C" fn(
    *const GtClient,
    *const GtRequest,
    *const GtCancel,
    *mut *mut GtToken,
    *mut *mut GtError,
) -> i32;

// SAFETY: the interface allows the use of handles from any thread.
unsafe impl Sync for AbiClient {}

impl AbiClient {
    pub fn new(tenant: &str, client_id: &str, proof: Proof, options: &[(&str, &str)]) -> Self {
        let credential = credential(proof);
        let options = new_options(options);
        let handle = made(|place, error| {
            // SAFETY: the handles are live, the texts are readable, and the out pointers are valid.
            unsafe { gt_client_new(text(tenant), text(client_id), credential, options, place, error) }
        });
        // SAFETY: they are not used any more, and freed once.
        unsafe {
            gt_credential_free(credential);
            gt_options_free(options);
        }
        Self {
            handle,
            acquire: black_box(gt_client_acquire),
            free_token: black_box(gt_token_free),
        }
    }

    /// Acquires a token and frees it. Returns whether that succeeded.
    #[must_use]
    pub fn acquire(&self, request: &AbiRequest) -> bool {
        let (mut token, mut error) = (null_mut(), null_mut());
        // SAFETY: the handles are live, the out pointers are valid, and the results are freed once.
        unsafe {
            let status = (self.acquire)(self.handle, request.0, null(), &raw mut token, &raw mut error);
            (self.free_token)(token);
            gt_error_free(error);
            status == 0
        }
    }

    /// Signs an assertion and frees it.
    pub fn assertion(&self) {
        let assertion: *mut GtAssertion = made(|place, error| {
            // SAFETY: the handle is live, and the out pointers are valid.
            unsafe { gt_client_assertion(self.handle, null(), place, error) }
        });
        // SAFETY: the token is not used any more, and freed once.
        unsafe { gt_assertion_free(assertion) };
    }
}

impl Drop for AbiClient {
    fn drop(&mut self) {
        // SAFETY: it is not used any more, and freed once.
        unsafe { gt_client_free(self.handle) };
    }
}

/// A `gt_request`.
pub struct AbiRequest(*mut GtRequest);

// SAFETY: the interface allows the use of handles from any thread.
unsafe impl Send for AbiRequest {}
// SAFETY: the same.
unsafe impl Sync for AbiRequest {}

impl AbiRequest {
    pub fn new(scope: &str) -> Self {
        Self::with_options(scope, &[])
    }

    pub fn with_options(scope: &str, options: &[(&str, &str)]) -> Self {
        let options = new_options(options);
        let handle = made(|place, error| {
            // SAFETY: the handle is live, the text is readable, and the out pointers are valid.
            unsafe { gt_request_new_client_credentials(text(scope), options, place, error) }
        });
        // SAFETY: it is not used any more, and freed once.
        unsafe { gt_options_free(options) };
        Self(handle)
    }
}

impl Drop for AbiRequest {
    fn drop(&mut self) {
        // SAFETY: it is not used any more, and freed once.
        unsafe { gt_request_free(self.0) };
    }
}

fn credential(proof: Proof) -> *mut GtCredential {
    match proof {
        Proof::Secret(secret) => made(|place, error| {
            // SAFETY: the text is readable, and the out pointers are valid.
            unsafe { gt_credential_new_secret(text(secret), place, error) }
        }),
        Proof::Certificate(path) => {
            let path = path.to_str().expect("the path is UTF-8");
            let certificate = made(|place, error| {
                // SAFETY: the text is readable, and the out pointers are valid.
                unsafe { gt_certificate_new_from_file(text(path), text(""), NO_TEXT, place, error) }
            });
            let credential = made(|place, error| {
                // SAFETY: the handle is live, and the out pointers are valid.
                unsafe { gt_credential_new_certificate(certificate, place, error) }
            });
            // SAFETY: it is not used any more, and freed once.
            unsafe { gt_certificate_free(certificate) };
            credential
        }
    }
}

fn new_options(pairs: &[(&str, &str)]) -> *mut GtOptions {
    let options = made(|place, error| {
        // SAFETY: the out pointers are valid.
        unsafe { gt_options_new(place, error) }
    });
    for (key, value) in pairs {
        let mut error = null_mut();
        // SAFETY: the handle is live, the texts are readable, and the out pointer is valid.
        let status = unsafe { gt_options_set(options, text(key), text(value), &raw mut error) };
        check(status, error);
    }
    options
}

const NO_TEXT: GtStr = GtStr { data: null(), len: 0 };

fn text(text: &str) -> GtStr {
    GtStr {
        data: text.as_ptr(),
        len: text.len() as u64,
    }
}

/// The object that a constructor returns.
fn made<T>(constructor: impl FnOnce(*mut *mut T, *mut *mut GtError) -> i32) -> *mut T {
    let (mut handle, mut error) = (null_mut(), null_mut());
    let status = constructor(&raw mut handle, &raw mut error);
    check(status, error);
    handle
}

fn check(status: i32, error: *mut GtError) {
    if status == 0 {
        return;
    }
    let mut message = NO_TEXT;
    // SAFETY: the error is live, and its text lives as long as it.
    let message = unsafe {
        gt_error_message(error, &raw mut message);
        std::slice::from_raw_parts(message.data, usize::try_from(message.len).unwrap_or_default())
    };
    panic!("status {status}: {}", String::from_utf8_lossy(message));
}
