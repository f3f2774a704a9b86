//! `gt_certificate`: a certificate together with what signs for it.

use std::ffi::c_void;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use crate::base::clock::unix_seconds;
use crate::base::error::{Error, Status};
use crate::base::secret::Secret;
use crate::certificate::Certificate;
use crate::certificate::opening;
use crate::certificate::signing::SigningCertificate;
use crate::certificate::store;
use crate::certificate::store::search::CertificateSearch;
use crate::ffi::call::{call, free, plain_call};
use crate::ffi::error::GtError;
use crate::ffi::handle::Object;
use crate::ffi::signer::{ExternalSigner, GtSigner, GtSignerRelease};
use crate::ffi::text::GtStr;

/// A certificate with its private key, or with a signer outside of the engine. Immutable; any thread may use it. What
/// is built with it keeps what it needs. Freed with `gt_certificate_free`.
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(opaque))]
pub struct GtCertificate {
    pub(super) certificate: Arc<SigningCertificate>,
    subject: String,
    thumbprint_sha1: String,
    thumbprint_sha256: String,
    warning: String,
}

impl Object for GtCertificate {
    const NAME: &'static str = "gt_certificate";
}

impl GtCertificate {
    pub(super) fn new(certificate: SigningCertificate) -> Self {
        let leaf = certificate.certificate();
        Self {
            subject: leaf.subject().to_owned(),
            thumbprint_sha1: leaf.thumbprint_sha1_hex(),
            thumbprint_sha256: leaf.thumbprint_sha256_hex(),
            warning: leaf.validity_warning(SystemTime::now()).unwrap_or_default(),
            certificate: Arc::new(certificate),
        }
    }

    fn leaf(&self) -> &Certificate {
        self.certificate.certificate()
    }
}

/// Loads a certificate with its private key from a file: PFX (PKCS #12) or PEM, recognised by content.
///
/// `private_key_path` names a second file for the key; none when it is in the first. `password` opens the PFX or the
/// encrypted key: NULL means none, a non-NULL pointer with length 0 the empty password. A PFX without a password opens
/// with any. Statuses 110 to 116 say what is wrong with the certificate or key.
///
/// White space, quotation marks and line breaks around a path are ignored, unless there is a file of that name. A path
/// of PowerShell's drive `Cert:`, such as `Cert:\CurrentUser\My\A1B2...`, opens that certificate of the store, as
/// `gt_certificate_new_from_store` does.
///
/// A file may have at most 1 MiB and be a pipe, but no other device. PEM is read without its line breaks, too, and any
/// format in Base64. Each key derivation may take 1,000,000 rounds and 64 MiB, all of a file together 4,000,000 rounds.
///
/// What is built with the certificate reads the files again before it signs when they have changed, so that a replaced
/// certificate needs no restart; files that cannot be used then leave the certificate in force that was read before.
/// This handle itself keeps showing what it read. The password is kept in memory, and overwritten with the last user's
/// end.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `certificate_out` points to memory for a pointer or
/// is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_new_from_file(
    certificate_path: GtStr,
    private_key_path: GtStr,
    password: GtStr,
    certificate_out: *mut *mut GtCertificate,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        certificate_out,
        error_out,
        |certificate_path: &str, private_key_path: &str, password: Option<Secret>| {
            let key_path = Some(private_key_path).filter(|path| !path.is_empty());
            let certificate = opening::open(Path::new(certificate_path), key_path.map(Path::new), password.as_ref());
            certificate.map(GtCertificate::new)
        }
    )
}

/// Loads a certificate with its private key from memory: the contents of a PFX or PEM file, or these in Base64, as
/// secret stores return them.
///
/// `private_key` is the contents of a second file; none when the key is in the first. `password` as for
/// `gt_certificate_new_from_file`. Everything is copied; overwrite your own copies.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `certificate_out` points to memory for a pointer or
/// is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_new_from_bytes(
    certificate: GtStr,
    private_key: GtStr,
    password: GtStr,
    certificate_out: *mut *mut GtCertificate,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        certificate_out,
        error_out,
        |certificate: &[u8], private_key: Option<&[u8]>, password: Option<Secret>| {
            SigningCertificate::from_bytes(certificate, private_key, password.as_ref()).map(GtCertificate::new)
        }
    )
}

/// Takes a certificate whose key signs elsewhere: in a provider of the operating system, a smart card, a service.
///
/// `certificate` is DER, or PEM with the leaf first and its chain behind it. `signer` is called with `context` for
/// every signature, on threads of the engine, perhaps on several at once; what it returns is verified with the
/// certificate before it is used. `release` may be NULL; otherwise it is called exactly once with `context` when the
/// engine will not call `signer` again, also when this function fails.
///
/// # Safety
/// `certificate` is readable for its length; `signer` and `release` may be called with `context` from any thread until
/// `release` was called; `certificate_out` points to memory for a pointer or is NULL, `error_out` likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_new_with_signer(
    certificate: GtStr,
    signer: GtSigner,
    context: *mut c_void,
    release: GtSignerRelease,
    certificate_out: *mut *mut GtCertificate,
    error_out: *mut *mut GtError,
) -> i32 {
    // Made first, so that every way out of this function releases the context.
    let signer = ExternalSigner::new(signer, context, release);
    call!(certificate_out, error_out, |certificate: &[u8]| {
        SigningCertificate::with_signer(certificate, Arc::new(signer?)).map(GtCertificate::new)
    })
}

/// Finds a certificate with its private key in the store of the operating system, by its thumbprint or by its subject:
/// exactly one of the two is given, the other is NULL. Both are read as `gt_certificate_search_new_by_thumbprint` and
/// `gt_certificate_search_new_by_subject_name` read them.
///
/// On Windows the stores are `CurrentUser\My`, then `LocalMachine\My`; the key signs where it is. On Linux it is the
/// folder in which .NET keeps `CurrentUser\My`. On macOS no store is read. Status 110 lists the certificates that are
/// there, 113 says that the certificate has no private key, 115 that its key cannot sign, 116 that this account may not
/// use it.
///
/// # Safety
/// Texts are readable for their length, `certificate_out` points to memory for a pointer or is NULL, `error_out`
/// likewise.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_new_from_store(
    thumbprint: GtStr,
    subject_name: GtStr,
    certificate_out: *mut *mut GtCertificate,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        certificate_out,
        error_out,
        |thumbprint: Option<&str>, subject_name: Option<&str>| {
            let search = match (thumbprint, subject_name) {
                (Some(thumbprint), None) => CertificateSearch::by_thumbprint(thumbprint),
                (None, Some(subject_name)) => CertificateSearch::by_subject_name(subject_name),
                _ => Err(Error::new(
                    Status::InvalidArgument,
                    "Either a thumbprint or a subject name is needed, not both.",
                    "Pass NULL for the one that is not searched for.",
                )),
            };
            store::open(search?).map(GtCertificate::new)
        }
    )
}

/// The subject as RFC 4514 text.
///
/// # Safety
/// `certificate` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_subject(certificate: *const GtCertificate, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |certificate: &GtCertificate| &*certificate.subject)
}

/// The SHA-1 thumbprint in upper-case hexadecimal, as the portal shows it.
///
/// # Safety
/// `certificate` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_thumbprint_sha1(
    certificate: *const GtCertificate,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |certificate: &GtCertificate| &*certificate.thumbprint_sha1)
}

/// The SHA-256 thumbprint in upper-case hexadecimal.
///
/// # Safety
/// `certificate` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_thumbprint_sha256(
    certificate: *const GtCertificate,
    text_out: *mut GtStr,
) -> i32 {
    plain_call!(text_out, |certificate: &GtCertificate| &*certificate.thumbprint_sha256)
}

/// Why the service may refuse the certificate (expired, not yet valid), as of loading; empty when there is no reason.
///
/// # Safety
/// `certificate` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_warning(certificate: *const GtCertificate, text_out: *mut GtStr) -> i32 {
    plain_call!(text_out, |certificate: &GtCertificate| &*certificate.warning)
}

/// From when on the certificate is valid, in seconds since 1970-01-01T00:00:00Z.
///
/// # Safety
/// `certificate` is a live handle or NULL, `unix_seconds_out` points to memory for the value or is NULL. NULL gives
/// status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_not_before(
    certificate: *const GtCertificate,
    unix_seconds_out: *mut i64,
) -> i32 {
    plain_call!(unix_seconds_out, |certificate: &GtCertificate| {
        unix_seconds(certificate.leaf().not_before())
    })
}

/// Until when the certificate is valid, in seconds since 1970-01-01T00:00:00Z.
///
/// # Safety
/// `certificate` is a live handle or NULL, `unix_seconds_out` points to memory for the value or is NULL. NULL gives
/// status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_not_after(
    certificate: *const GtCertificate,
    unix_seconds_out: *mut i64,
) -> i32 {
    plain_call!(unix_seconds_out, |certificate: &GtCertificate| {
        unix_seconds(certificate.leaf().not_after())
    })
}

/// The size of the RSA key in bits.
///
/// # Safety
/// `certificate` is a live handle or NULL, `bits_out` points to memory for the value or is NULL. NULL gives status 1.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_key_bits(certificate: *const GtCertificate, bits_out: *mut u32) -> i32 {
    plain_call!(bits_out, |certificate: &GtCertificate| certificate.leaf().key_bits())
}

/// Frees a certificate. NULL is ignored.
///
/// # Safety
/// `certificate` is NULL, or a live handle that is no longer in use.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_free(certificate: *mut GtCertificate) {
    free!(certificate);
}
