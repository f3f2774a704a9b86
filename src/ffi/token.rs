//! `gt_token`: an access token and what came with it.

use crate::base::clock::unix_seconds;
use crate::base::secret::Secret;
use crate::ffi::call::{free, plain_call};
use crate::ffi::handle::Object;
use crate::ffi::text::GtStr;
use crate::token::{AcquiredToken, TOKEN_TYPE};

/// A token. Immutable; any thread may read it. Freed with `gt_token_free`, which overwrites the token when nothing else
/// (such as the cache) holds it.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtToken {
    pub(super) token: AcquiredToken,
}

impl Object for GtToken {
    const NAME: &'static str = "gt_token";
}

/// Frees a token. NULL is ignored.
///
/// # Safety
/// `token` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_free(token: *mut GtToken) {
    free!(token);
}

/// The access token. Secret: overwrite copies after use.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_access_token(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |token: &GtToken| token.token.access_token.expose())
}

/// The refresh token; empty when there is none. Secret: overwrite copies after use.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_refresh_token(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |token: &GtToken| expose(token.token.refresh_token()))
}

/// The id token; empty when there is none.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_id_token(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |token: &GtToken| expose(token.token.id_token()))
}

/// The token type: `Bearer`.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_token_type(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |token: &GtToken| token_type(token))
}

/// The granted scopes, separated by spaces.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_scopes(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |token: &GtToken| &*token.token.scopes)
}

/// The user's sign-in name; empty for an application.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_username(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |token: &GtToken| token.token.username())
}

/// The tenant, as the authority has it.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_tenant_id(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |token: &GtToken| &*token.token.holder.tenant_id)
}

/// The application.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_client_id(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |token: &GtToken| &*token.token.holder.client_id)
}

/// The correlation id of the request that obtained the token.
///
/// # Safety
/// `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_correlation_id(token: *const GtToken, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |token: &GtToken| token.token.correlation_id())
}

/// When the token expires, in seconds since 1970-01-01T00:00:00Z by the service's clock; 0 when the answer had no
/// lifetime. Such a token is not cached: the next call requests another one.
///
/// This machine's clock may differ. `gt_token_expires_in` does not depend on it.
///
/// # Safety
/// `token` is a live handle or NULL, `unix_seconds_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_expires_on(token: *const GtToken, unix_seconds_out: *mut i64) -> i32 {
    plain_call!(unix_seconds_out, |token: &GtToken| token
        .token
        .end()
        .map_or(0, unix_seconds))
}

/// How long the token was still valid when it was acquired, in seconds, rounded up; 0 when the answer had no lifetime.
///
/// # Safety
/// `token` is a live handle or NULL, `seconds_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_expires_in(token: *const GtToken, seconds_out: *mut i64) -> i32 {
    plain_call!(seconds_out, |token: &GtToken| token.token.lifetime.unwrap_or_default())
}

/// From when on the service wishes the token renewed, in seconds since 1970-01-01T00:00:00Z; 0 when it does not say.
///
/// # Safety
/// `token` is a live handle or NULL, `unix_seconds_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_refresh_on(token: *const GtToken, unix_seconds_out: *mut i64) -> i32 {
    plain_call!(unix_seconds_out, |token: &GtToken| {
        let refresh_on = token.token.refresh_on;
        refresh_on.map_or(0, unix_seconds)
    })
}

/// Where the token came from: a `gt_token_source_kind`.
///
/// # Safety
/// `token` is a live handle or NULL, `source_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_token_source(token: *const GtToken, source_out: *mut i32) -> i32 {
    plain_call!(source_out, |token: &GtToken| token.token.source as i32)
}

/// Of every token the same.
fn token_type(_: &GtToken) -> &'static str {
    TOKEN_TYPE
}

fn expose(secret: Option<&Secret>) -> &[u8] {
    secret.map(Secret::expose).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ffi::place::IntoC as _;
    use crate::token::{Holder, Token, UNKNOWN_END};
    use std::sync::Arc;
    use std::time::{Duration, SystemTime};

    fn token(expires_on: SystemTime) -> *mut GtToken {
        let holder = Holder {
            tenant_id: String::new(),
            client_id: String::new(),
        };
        let token = Token {
            access_token: Secret::copy_of(b"t"),
            scopes: "".into(),
            holder: Arc::new(holder),
            user: None,
            expires_on,
            refresh_on: None,
            correlation_id: None,
        };
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_000_500);
        let token = GtToken {
            token: AcquiredToken::from_network(Arc::new(token), now),
        };
        token.into_c()
    }

    fn times(token: *mut GtToken) -> (i64, i64) {
        let (mut end, mut lifetime) = (-1, -1);
        // SAFETY: the token is live until it is freed, and the places are variables.
        unsafe {
            assert_eq!(gt_token_expires_on(token, &raw mut end), 0);
            assert_eq!(gt_token_expires_in(token, &raw mut lifetime), 0);
            gt_token_free(token);
        }
        (end, lifetime)
    }

    #[test]
    fn a_lifetime_is_rounded_up_and_an_unknown_one_is_zero() {
        let at = |seconds| token(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(times(at(4600)), (4600, 3600));
        assert_eq!(times(at(900)), (900, 0));
        assert_eq!(times(token(UNKNOWN_END)), (0, 0));
    }
}
