//! `gt_error`: what went wrong, and what to do about it.

use crate::base::error::{Error, Result, ServiceReport, Status};
use crate::base::surface::Surface;
use crate::ffi::argument::Call;
use crate::ffi::call::{argument, call, free, plain_call};
use crate::ffi::handle::Object;
use crate::ffi::place::IntoC;
use crate::ffi::text::GtStr;

/// The error of a failed call. Immutable; any thread may read it. Freed with `gt_error_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtError {
    error: Error,
    service: ServiceReport,
}

impl Object for GtError {
    const NAME: &'static str = "gt_error";
}

impl GtError {
    pub(super) fn error(&self) -> &Error {
        &self.error
    }

    fn new(error: Error) -> Self {
        let service = error.service().cloned().unwrap_or_default();
        Self { error, service }
    }

    fn service_code(&self, index: u64) -> Result<u32> {
        let code = usize::try_from(index)
            .ok()
            .and_then(|index| self.service.codes.get(index));
        code.copied().ok_or_else(|| {
            Error::new(
                Status::InvalidArgument,
                format!("There is no service code at {index}."),
                "Ask for the count first.",
            )
        })
    }
}

/// The error of a failed call.
impl IntoC<*mut GtError> for Error {
    fn into_c(self) -> *mut GtError {
        GtError::new(self).into_c()
    }
}

/// Makes an error of what a caller found wrong by itself, for `gt_diagnosis_new`.
///
/// `status` is one of the numbers of `gt_status` other than 0: status 100 for any other. `message` says what went
/// wrong, `hint` what to do next; neither may hold a secret.
///
/// # Safety
/// Texts are readable for their length, `made_out` points to memory for a pointer or is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_new(
    status: i32,
    message: GtStr,
    hint: GtStr,
    made_out: *mut *mut GtError,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(made_out, error_out, |message: &str, hint: &str| {
        let status = Status::from_code(status).filter(|status| *status != Status::Ok);
        let status = status.ok_or_else(|| {
            Error::new(
                Status::InvalidArgument,
                "The status is not that of an error.",
                "Pass one of the numbers of GtStatus other than 0.",
            )
        })?;
        Ok(GtError::new(Error::new(status, message, hint)))
    })
}

/// Frees an error. NULL is ignored.
///
/// # Safety
/// `error` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_free(error: *mut GtError) {
    free!(error);
}

/// The status of the error, the same number that the failed call returned; 1 when `error` is NULL, 5 when it is another
/// object.
///
/// # Safety
/// `error` is a live handle or NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_status(error: *const GtError) -> i32 {
    let call = Call::default();
    argument!(&call, error: &GtError)
        .map_or_else(|refused| refused.status(), |error| error.error.status())
        .code()
}

/// What went wrong, root cause first. Holds no secret.
///
/// # Safety
/// `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_message(error: *const GtError, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |error: &GtError| error.error.message())
}

/// What to do next; empty when there is nothing to say.
///
/// # Safety
/// `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_hint(error: *const GtError, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |error: &GtError| error.error.hint())
}

/// What went wrong in the words of `surface`, a `gt_surface`, for programs that wrap this
/// library: each surface has its own names for options and arguments. Status 100 for an unknown surface. Otherwise as
/// `gt_error_message`.
///
/// # Safety
/// `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_message_on(error: *const GtError, surface: i32, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |error: &GtError, surface: Surface| error
        .error
        .message_on(surface))
}

/// What to do next in the words of `surface`, a `gt_surface`, for programs that wrap this
/// library: each surface has its own names for options and arguments. Status 100 for an unknown surface. Otherwise as
/// `gt_error_hint`.
///
/// # Safety
/// `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_hint_on(error: *const GtError, surface: i32, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |error: &GtError, surface: Surface| error
        .error
        .hint_on(surface))
}

/// The OAuth `error` of the answer, such as `invalid_client`; empty when there is none.
///
/// # Safety
/// `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_oauth_error(error: *const GtError, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |error: &GtError| &*error.service.oauth_error)
}

/// Microsoft's `suberror` of the answer; empty when there is none.
///
/// # Safety
/// `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_suberror(error: *const GtError, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |error: &GtError| &*error.service.suberror)
}

/// The id that finds the request in the tenant's sign-in logs; empty when no request was answered.
///
/// # Safety
/// `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_correlation_id(error: *const GtError, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |error: &GtError| &*error.service.correlation_id)
}

/// The service's id of its answer; empty when there is none.
///
/// # Safety
/// `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_trace_id(error: *const GtError, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |error: &GtError| &*error.service.trace_id)
}

/// The claims challenge to pass on as the option `claims`; empty when there is none.
///
/// # Safety
/// `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_claims(error: *const GtError, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |error: &GtError| &*error.service.claims)
}

/// HTTP status of the answer; 0 when there was no answer.
///
/// # Safety
/// `error` is a live handle or NULL, `http_status_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_http_status(error: *const GtError, http_status_out: *mut i32) -> i32 {
    plain_call!(http_status_out, |error: &GtError| i32::from(error.service.http_status))
}

/// For how many seconds the service asks to wait; -1 when it does not say.
///
/// # Safety
/// `error` is a live handle or NULL, `seconds_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_retry_after(error: *const GtError, seconds_out: *mut i64) -> i32 {
    plain_call!(seconds_out, |error: &GtError| {
        let wait = error.service.retry_after;
        wait.map_or(-1, IntoC::into_c)
    })
}

/// How many AADSTS numbers the answer has.
///
/// # Safety
/// `error` is a live handle or NULL, `count_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_service_code_count(error: *const GtError, count_out: *mut u64) -> i32 {
    plain_call!(count_out, |error: &GtError| error.service.codes.len() as u64)
}

/// The AADSTS number at `index`, most specific first. An index at or beyond the count gives status 100.
///
/// # Safety
/// `error` is a live handle or NULL, `code_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_error_service_code(error: *const GtError, index: u64, code_out: *mut u32) -> i32 {
    plain_call!(code_out, |error: &GtError| error.service_code(index)?)
}
