//! Keys in HSMs and smart cards, through the provider's PKCS#11 module (OASIS, "PKCS #11 Specification Version 3.1").
//!
//! Windows has them in its certificate store. There, and in builds without the feature `pkcs11`, this module only
//! returns an error.

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

/// Fails, in a build without PKCS#11.
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
        "This build of GraphToken does not support PKCS#11.",
        if cfg!(windows) {
            format!(
                "Use {}: the certificate store of Windows has the certificates of smart cards and HSMs, too.",
                crate::base::parameter::THUMBPRINT
            )
        } else {
            "Use a library that was built with the feature pkcs11.".to_owned()
        },
    ))
}
