//! The C ABI: one file per C object, and the only `unsafe` code of the engine.
//!
//! Rules that hold for every function:
//!
//! - A function that can fail returns the number of a [`Status`](crate::base::error::Status), 0 for success, and takes
//!   `gt_error **error_out` last. The pointer may be NULL. On success `*error_out` becomes NULL; on failure it becomes
//!   an error object that the caller frees with `gt_error_free`.
//! - Results come through `*_out` parameters, which must not be NULL. They are set on success only; handles become NULL
//!   on failure.
//! - Handles may be used from any thread, by any number of threads at once. Freeing one while it is in use is the
//!   caller's mistake. Every `_free` takes NULL and does nothing then.
//! - A handle of another object gives status 5, `InvalidHandle`, and `_free` does nothing. So does a freed handle for
//!   as long as its memory was not used again; nothing may depend on that.
//! - Text is UTF-8 in a [`GtStr`](text::GtStr). Text that comes out belongs to the handle it was read from.
//! - No panic leaves the library: it becomes status 2, `InternalError`.
//!
//! # To add a function
//!
//! It belongs in the file of its object and in the list of `inventory.rs`. Its documentation goes into the header, and
//! "Safety" says what C promises for the arguments. Its body is one of the macros of `call.rs`, which gives every
//! argument a type, around safe code:
//!
//! ```ignore
//! #[no_mangle]
//! #[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
//! pub unsafe extern "C" fn gt_thing_new(
//!     name: GtStr,
//!     options: *const GtOptions,
//!     thing_out: *mut *mut GtThing,
//!     error_out: *mut *mut GtError,
//! ) -> i32 {
//!     call!(thing_out, error_out, |name: &str, options: Option<&GtOptions>| {
//!         GtThing::new(name, GtOptions::copy(options))
//!     })
//! }
//! ```
//!
//! `argument.rs` has the table of types; numbers need none. A new object implements `handle::Object`.

#[cfg(feature = "flows")]
pub mod accounts;
pub mod assertion;
#[cfg(feature = "flows")]
pub mod assertion_callback;
pub mod cache;
pub mod cached_tokens;
pub mod cancel;
pub mod certificate;
pub mod certificate_search;
pub mod client;
pub mod credential;
#[cfg(feature = "flows")]
pub mod device_code;
pub mod diagnosis;
pub mod error;
#[cfg(feature = "flows")]
pub mod federation;
pub mod jwt;
pub mod options;
pub mod pkcs11;
pub mod request;
#[cfg(feature = "flows")]
pub mod sign_in;
pub mod signer;
pub mod text;
pub mod token;
pub mod token_store;
pub mod token_store_callbacks;
pub mod version;

mod argument;
mod call;
mod guard;
mod handle;
mod place;
mod surface;

#[cfg(all(feature = "bindings", feature = "flows"))]
pub mod inventory;
