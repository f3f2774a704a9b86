//! A PKCS#11 module: the provider's shared library.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as Cryptoki, RvError};
use cryptoki::session::Session;
use cryptoki::slot::{Slot, TokenInfo};

use crate::base::error::{Error, Result, Status};
use crate::certificate::pkcs11::failure::{failed, reason};

/// A module that is loaded and initialised.
///
/// It stays loaded until the process ends: a module has threads and locks of its own, and other parts of the process
/// may use it too. A process that forks must load anew in the child, where the sessions of the parent are void.
#[derive(Clone)]
pub(super) struct Module {
    path: PathBuf,
    library: Pkcs11,
}

static LOADED: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());

impl Module {
    /// Loads the library at `path`, or, without a folder in it, where the system looks for libraries.
    ///
    /// # Errors
    /// [`Status::InvalidArgument`] without a path; [`Status::CertificateNotFound`] when there is no such library;
    /// [`Status::CertificateUnreadable`] when it is no module; [`Status::PrivateKeyInaccessible`] when it refuses.
    pub(super) fn load(path: &Path) -> Result<Self> {
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

    /// Makes the module ready; one that is already, perhaps by another part of the process, is.
    pub(super) fn initialize(&self) -> Result<()> {
        let threads = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
        match self.library.initialize(threads) {
            Ok(()) | Err(Cryptoki::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
            Err(error) => Err(self.failed("initialising", &error)),
        }
    }

    /// The slots with a token that is set up, and what each token says of itself.
    pub(super) fn slots(&self) -> Result<Vec<(Slot, TokenInfo)>> {
        let slots = self.library.get_slots_with_token();
        let slots = slots.map_err(|error| self.failed("listing the tokens of", &error))?;
        let slots = slots.into_iter().filter_map(|slot| {
            let info = self.library.get_token_info(slot);
            // One reader with a card that it cannot read must not stand in the way of the others.
            info.inspect_err(|error| log::warn!("the token in slot {} cannot be used: {}", slot.id(), reason(error)))
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

    /// For messages.
    pub(super) fn path(&self) -> std::path::Display<'_> {
        self.path.display()
    }

    fn failed(&self, doing: &str, error: &Cryptoki) -> Error {
        let doing = format!("{doing} the PKCS#11 module {}", self.path());
        failed(Status::PrivateKeyInaccessible, &doing, error)
    }
}

fn unnamed() -> Error {
    Error::new(
        Status::InvalidArgument,
        "no PKCS#11 module is named",
        "Give the path of the shared library of the HSM or card, such as /usr/lib/softhsm/libsofthsm2.so.",
    )
}

fn not_loaded(path: &Path, error: &Cryptoki) -> Error {
    let shown = path.display();
    match error {
        Cryptoki::LibraryLoading(error) => Error::new(
            Status::CertificateNotFound,
            format!("the PKCS#11 module {shown} cannot be loaded: {error}"),
            "Give the path of the shared library of the HSM or card for this processor; its package says where it is, \
             p11-kit list-modules shows those that the system knows.",
        ),
        Cryptoki::MissingSymbol(_) => Error::new(
            Status::CertificateUnreadable,
            format!("the library {shown} is no PKCS#11 module"),
            "Give the path of the module: its name often holds pkcs11, such as opensc-pkcs11.so.",
        ),
        other => failed(
            Status::PrivateKeyInaccessible,
            &format!("loading the PKCS#11 module {shown}"),
            other,
        ),
    }
}
