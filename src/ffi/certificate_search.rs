//! `gt_certificate_search`: finds a certificate in stores that the caller reads.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::certificate::store::search::CertificateSearch;
use crate::ffi::call::{call, free};
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::text::GtStr;

/// A search for one certificate among those that the caller finds in stores of its own, such as .NET's. Which one it
/// is, and what the error says when it is none, is the same for every store. Any thread may use it. Freed with
/// `gt_certificate_search_free`.
///
/// Add every certificate, those of the user's own store first; tell which stores were searched; then choose.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtCertificateSearch {
    search: Mutex<CertificateSearch>,
}

impl Object for GtCertificateSearch {
    const NAME: &'static str = "gt_certificate_search";
}

impl GtCertificateSearch {
    fn new(search: CertificateSearch) -> Self {
        let search = Mutex::new(search);
        Self { search }
    }

    fn lock(&self) -> MutexGuard<'_, CertificateSearch> {
        self.search.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a search for the certificate with this thumbprint: SHA-1 (40 hexadecimal digits) or SHA-256 (64), in upper or
/// lower case; spaces, colons, dashes and invisible characters do not matter. A path of PowerShell's drive `Cert:`,
/// such as `Cert:\CurrentUser\My\A1B2...`, names the store as well: then certificates of the other store do not count.
/// Anything else gives status 100. An expired certificate is found too.
///
/// # Safety
/// `thumbprint` is readable for its length, `certificate_search_out` points to memory for a pointer or is NULL,
/// `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_search_new_by_thumbprint(
    thumbprint: GtStr,
    certificate_search_out: *mut *mut GtCertificateSearch,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(certificate_search_out, error_out, |thumbprint: &str| {
        CertificateSearch::by_thumbprint(thumbprint).map(GtCertificateSearch::new)
    })
}

/// Starts a search for the newest valid certificate with this subject: the whole distinguished name as .NET, Windows,
/// OpenSSL or RFC 4514 write it, or the common name alone. Letter case, spaces and the order of the attributes do not
/// matter. An empty text gives status 100.
///
/// # Safety
/// `subject_name` is readable for its length, `certificate_search_out` points to memory for a pointer or is NULL,
/// `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_search_new_by_subject_name(
    subject_name: GtStr,
    certificate_search_out: *mut *mut GtCertificateSearch,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(certificate_search_out, error_out, |subject_name: &str| {
        CertificateSearch::by_subject_name(subject_name).map(GtCertificateSearch::new)
    })
}

/// Adds a certificate (DER) of the store `place`, such as `CurrentUser\My`; `has_private_key` is 0 when the store has
/// no private key for it. The first that is added has the index 0, the second 1, and so on. One that is damaged is
/// counted and never chosen.
///
/// # Safety
/// `search` is a live handle or NULL, texts are readable for their length, `error_out` points to memory for a pointer
/// or is NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_search_add(
    search: *const GtCertificateSearch,
    place: GtStr,
    certificate: GtStr,
    has_private_key: i32,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(error_out, |search: &GtCertificateSearch,
                      place: &str,
                      certificate: &[u8]| {
        search.lock().add(place, certificate.to_vec(), has_private_key != 0);
        Ok(())
    })
}

/// Tells that the store `place` was searched, or why it could not be: `problem` is none or empty when it was.
///
/// # Safety
/// `search` is a live handle or NULL, texts are readable for their length, `error_out` points to memory for a pointer
/// or is NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_search_searched(
    search: *const GtCertificateSearch,
    place: GtStr,
    problem: GtStr,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(error_out, |search: &GtCertificateSearch, place: &str, problem: &str| {
        let problem = Some(problem).filter(|problem| !problem.is_empty());
        search.lock().searched(place, problem);
        Ok(())
    })
}

/// Gives the index of the certificate that was searched for. Otherwise the error names each place that was searched:
/// status 110 lists the certificates that are there, 113 says that the certificate is there without its private key,
/// 115 that its key is not RSA of 2048 to 8192 bits.
///
/// # Safety
/// `search` is a live handle or NULL, `index_out` points to memory for the value or is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_search_choose(
    search: *const GtCertificateSearch,
    index_out: *mut u64,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(index_out, error_out, |search: &GtCertificateSearch| {
        let index = search.lock().choose(SystemTime::now())?;
        Ok(index as u64)
    })
}

/// Makes the error for the certificate at `index` whose private key the store does not give to this account; `reason`
/// is what the store said. Never succeeds: the status is 116, or that of a bad argument.
///
/// # Safety
/// `search` is a live handle or NULL, `reason` is readable for its length, `error_out` points to memory for a pointer
/// or is NULL.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_search_key_refused(
    search: *const GtCertificateSearch,
    index: u64,
    reason: GtStr,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(error_out, |search: &GtCertificateSearch, reason: &str| {
        // An index that does not fit is none that was given.
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        Err(search.lock().key_refused(index, reason))
    })
}

/// Frees a search. NULL is ignored.
///
/// # Safety
/// `search` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_search_free(search: *mut GtCertificateSearch) {
    free!(search);
}
