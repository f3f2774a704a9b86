//! A row of the list of options.

use crate::base::error::Result;
use crate::base::parameter::Parameter;
use crate::base::pasted::unwrapped;
use crate::client::options::Options;

/// An option: its names, and what it sets.
#[derive(Debug)]
pub struct OptionRow {
    /// Its name on each surface.
    pub parameter: &'static Parameter,
    /// What its documentation says.
    #[cfg(feature = "internals")]
    pub documentation: Documentation,
    /// Parses a value and sets it.
    set: fn(&mut Options, &str) -> Result<()>,
    /// Whether what surrounds a value belongs to it.
    is_verbatim: bool,
}

/// What the documentation of an option says. Tests make `docs/options.md` and a part of the C header from it, and the
/// shipped library leaves it out.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "internals"),
    expect(dead_code, reason = "only the tests read it, which have the feature")
)]
pub struct Documentation {
    /// Whether a client or a request reads the option.
    pub scope: Scope,
    /// Its meaning, in whole sentences.
    pub meaning: &'static str,
    /// The values that it takes, with their unit.
    pub values: &'static str,
    /// The value that applies if it is not set.
    pub default: &'static str,
    /// The version that introduced it.
    pub since: &'static str,
}

/// The object that reads an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A client, when it is created.
    Client,
    /// A request, when it is created.
    Request,
    /// A sign-in in a browser, when it is created.
    #[cfg(feature = "flows")]
    SignIn,
}

impl OptionRow {
    pub(super) const fn new(
        parameter: &'static Parameter,
        documentation: Documentation,
        set: fn(&mut Options, &str) -> Result<()>,
    ) -> Self {
        #[cfg(not(feature = "internals"))]
        let _ = documentation;
        Self {
            parameter,
            #[cfg(feature = "internals")]
            documentation,
            set,
            is_verbatim: false,
        }
    }

    /// The option with its value as it is given: a secret or a path, of which white space and quotation marks at its
    /// ends may be a part.
    pub(super) const fn verbatim(mut self) -> Self {
        self.is_verbatim = true;
        self
    }

    /// Sets the option to the value in `text`, without what was pasted around it.
    pub(super) fn set_in(&self, options: &mut Options, text: &str) -> Result<()> {
        (self.set)(options, if self.is_verbatim { text } else { unwrapped(text) })
    }

    /// Its key in the C interface.
    pub fn key(&self) -> &'static str {
        self.parameter.key().unwrap_or_default()
    }
}
