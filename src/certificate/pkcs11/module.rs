//! A PKCS#11 module: the provider's shared library.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as Cryptoki, RvError};
use cryptoki::session::Session;
use cryptoki::slot::{Slot, TokenInfo};

use crate::base::error::{Error, Result, Status};
use crate::base::parameter::PKCS11_MODULE;
use crate::base::pasted;
use crate::base::shown_path::shown;
use crate::certificate::pkcs11::failure::{failed, reason};

/// A module that is loaded and initialised.
///
/// It stays loaded until the process ends: a module has threads and locks of its own, and other parts of the process
/// may use it, too. After a fork, the child process must load it again: the parent's sessions are invalid there.
#[derive(Clone)]
pub(super) struct Module {
    path: PathBuf,
    library: Pkcs11,
}

static LOADED: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());

impl Module {
    /// Loads the library at `path`. The system searches for a name without a folder.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] for an empty path; [`Status::CertificateNotFound`] if there is no such library;
    /// [`Status::CertificateUnreadable`] if it is not a module; [`Status::PrivateKeyInaccessible`] if it cannot be
    /// initialised.
    pub(super) fn load(path: &Path) -> Result<Self> {
        let path = pasted::path(path);
        if path.as_os_str().is_empty() {
            return Err(unnamed());
        }
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let library = match loaded.get(path) {
            Some(library) => library.clone(),
            None => Pkcs11::new(path).map_err(|error| not_loaded(path, &error))?,
        };
        loaded.entry(path.to_owned()).or_insert_with(|| library.clone());
        let module = Self {
            path: path.to_owned(),
            library,
        };
        module.initialize()?;
        Ok(module)
    }

    /// Initialises the module, unless another part of the process has already done so.
    pub(super) fn initialize(&self) -> Result<()> {
        let threads = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
        match self.library.initialize(threads) {
            Ok(()) | Err(Cryptoki::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
            Err(error) => Err(self.failed("initialise", &error)),
        }
    }

    /// The slots with an initialised token, and the description of each token.
    pub(super) fn slots(&self) -> Result<Vec<(Slot, TokenInfo)>> {
        let slots = self.library.get_slots_with_token();
        let slots = slots.map_err(|error| self.failed("list the tokens of", &error))?;
        let slots = slots.into_iter().filter_map(|slot| {
            let info = self.library.get_token_info(slot);
            // An unreadable card in one reader must not prevent the use of the others.
            info.inspect_err(|error| log::warn!("cannot use the token in slot {}: {}", slot.id(), reason(error)))
                .ok()
                .filter(TokenInfo::token_initialized)
                .map(|info| (slot, info))
        });
        Ok(slots.collect())
    }

    /// Opens a session with the token in a slot.
    pub(super) fn open_session(&self, slot: Slot) -> std::result::Result<Session, Cryptoki> {
        self.library.open_ro_session(slot)
    }

    /// The path, for messages.
    pub(super) fn path(&self) -> String {
        shown(&self.path)
    }

    fn failed(&self, action: &str, error: &Cryptoki) -> Error {
        let action = format!("{action} the PKCS#11 module {}", self.path());
        failed(Status::PrivateKeyInaccessible, &action, error)
    }
}

fn unnamed() -> Error {
    Error::new(
        Status::InvalidArgument,
        "No PKCS#11 module was given.",
        format!(
            "Set {PKCS11_MODULE} to the path of the shared library of the HSM or smart card, such as \
             /usr/lib/softhsm/libsofthsm2.so."
        ),
    )
}

fn not_loaded(path: &Path, error: &Cryptoki) -> Error {
    let shown = shown(path);
    match error {
        Cryptoki::LibraryLoading(error) => Error::new(
            Status::CertificateNotFound,
            // The system's reason begins with the path.
            match error.to_string().replace(&*path.to_string_lossy(), &shown) {
                reason if reason.starts_with(&shown) => format!("Cannot load the PKCS#11 module {reason}."),
                reason => format!("Cannot load the PKCS#11 module {shown}: {reason}."),
            },
            format!(
                "Set {PKCS11_MODULE} to the path of the shared library of the HSM or smart card for this processor. \
                 Its package has the path; p11-kit list-modules shows the modules that the system knows."
            ),
        ),
        Cryptoki::MissingSymbol(_) => Error::new(
            Status::CertificateUnreadable,
            format!("The library {shown} is not a PKCS#11 module."),
            format!(
                "Set {PKCS11_MODULE} to the path of the module; its name often contains pkcs11, such as \
                 opensc-pkcs11.so."
            ),
        ),
        other => failed(
            Status::PrivateKeyInaccessible,
            &format!("load the PKCS#11 module {shown}"),
            other,
        ),
    }
}
