//! Where an application's requests may be answered close to it.

use std::fmt::Debug;

use crate::authority::region::Region;
use crate::base::error::Result;

/// Knows the region that an application runs in, or is told to use.
pub trait RegionSource: Debug + Send + Sync {
    /// The region; `None` if it is not known, so that the authority's own token service is asked.
    ///
    /// # Errors
    /// `InvalidArgument` if a variable of the environment names no region.
    fn region(&self) -> Result<Option<Region>>;

    /// What the caller should know about the last answer; empty if there is nothing.
    fn warning(&self) -> &'static str {
        ""
    }
}

/// The region that the caller has chosen.
impl RegionSource for Region {
    fn region(&self) -> Result<Option<Region>> {
        Ok(Some(self.clone()))
    }
}
