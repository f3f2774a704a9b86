//! The interfaces of the engine.

/// The interface through which a program or a person uses the engine. Messages name parameters as it does.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "bindings", interoptopus::ffi_type(name = "GtSurface"))]
pub enum Surface {
    /// The functions of the C interface.
    C = 0,
    /// The classes of the .NET library.
    Dotnet = 1,
    /// The cmdlets.
    PowerShell = 2,
    /// The command `graph-token`.
    Command = 3,
}

impl Surface {
    /// Every surface.
    pub const fn all() -> [Self; 4] {
        [Self::C, Self::Dotnet, Self::PowerShell, Self::Command]
    }

    /// The surface with this number, or `None` for a number that this version does not know.
    pub fn from_code(code: i32) -> Option<Self> {
        Self::all().into_iter().find(|surface| *surface as i32 == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_permanent() {
        assert_eq!(Surface::all().map(|surface| surface as i32), [0, 1, 2, 3]);
        assert_eq!(Surface::from_code(2), Some(Surface::PowerShell));
        assert_eq!(Surface::from_code(4), None);
    }
}
