//! `gt_certificate` with its key in an HSM or smart card.

use std::path::Path;

use crate::base::secret::Secret;
use crate::certificate::file::CertificateFile;
use crate::certificate::signing::SigningCertificate;
use crate::ffi::call::call;
use crate::ffi::certificate::GtCertificate;
use crate::ffi::error::GtError;
use crate::ffi::text::GtStr;

/// Takes a certificate whose private key is on a token: an HSM or smart card with a PKCS#11 module. Not on Windows.
///
/// `module_path` is the provider's shared library, which stays loaded until the process ends. `uri` says which token
/// and which object on it are meant (RFC 7512: `pkcs11:token=...;object=...`, with token, serial, manufacturer, model,
/// slot-id, object, id, type); empty when there is one token with one certificate. Among several certificates that have
/// their key on the token, the newest valid one is taken. `certificate` is the content of a certificate file, for a
/// token that holds the key alone; NULL when the token has it.
///
/// `pin` is the user's PIN: NULL means none, for a token that needs none or has a keypad of its own. It is tried once,
/// at one token, and kept to log in again when the token was unplugged for a moment; once refused, it is not given
/// again. The login is one of the whole process: while a certificate of this token is alive, a further PIN for it is
/// not looked at. Signing calls of several threads take turns. A child process after a fork must load the certificate
/// anew.
///
/// Statuses 110 to 116 say what is wrong with module, token, certificate, PIN or key; 100 that the URI is not
/// understood, or that this library was built without PKCS#11.
///
/// # Safety
/// Handles are live or NULL, texts are readable for their length, `certificate_out` points to memory for a pointer or
/// is NULL, `error_out` likewise. The module is code that runs in this process: load none that you do not trust.
#[no_mangle]
#[cfg_attr(feature = "bindings", interoptopus::ffi_function)]
pub unsafe extern "C" fn gt_certificate_new_from_pkcs11(
    module_path: GtStr,
    uri: GtStr,
    certificate: GtStr,
    pin: GtStr,
    certificate_out: *mut *mut GtCertificate,
    error_out: *mut *mut GtError,
) -> i32 {
    call!(
        certificate_out,
        error_out,
        |module_path: &str, uri: &str, certificate: Option<&[u8]>, pin: Option<Secret>| {
            let certificate = certificate.map(CertificateFile::copy_of);
            SigningCertificate::from_pkcs11(Path::new(module_path), uri, certificate.as_ref(), pin.as_ref())
                .map(GtCertificate::new)
        }
    )
}
