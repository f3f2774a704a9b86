//! Keys in HSMs and smart cards, through the provider's PKCS#11 module (OASIS, "PKCS #11 Specification Version 3.1").
//!
//! Windows reaches them through its own certificate store; there, and in builds without the feature `pkcs11`, nothing
//! of this is compiled but the refusal.

#[cfg(all(unix, feature = "pkcs11"))]
mod failure;
#[cfg(all(unix, feature = "pkcs11"))]
mod key;
#[cfg(all(unix, feature = "pkcs11"))]
mod module;
#[cfg(all(unix, feature = "pkcs11"))]
mod object;
#[cfg(all(unix, feature = "pkcs11"))]
mod selection;
#[cfg(all(unix, feature = "pkcs11"))]
mod token;
#[cfg(all(unix, feature = "pkcs11"))]
mod uri;

#[cfg(all(unix, feature = "pkcs11"))]
pub(crate) use selection::select;

/// The refusal of a build that has no PKCS#11.
#[cfg(not(all(unix, feature = "pkcs11")))]
pub(crate) fn select(
    _module: &std::path::Path,
    _uri: &str,
    _certificate: Option<Vec<crate::certificate::Certificate>>,
    _pin: Option<&crate::base::secret::Secret>,
) -> crate::base::error::Result<(
    Vec<crate::certificate::Certificate>,
    std::sync::Arc<dyn crate::certificate::key::Signer>,
)> {
    Err(crate::base::error::Error::new(
        crate::base::error::Status::InvalidArgument,
        "this build of GraphToken has no PKCS#11",
        "On Windows name the certificate's thumbprint: its certificate store knows smart cards and HSMs. Elsewhere use \
         a library that was built with the feature pkcs11.",
    ))
}
