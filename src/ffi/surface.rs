//! `gt_surface`: in whose words a text is.

use crate::base::error::{Error, Result, Status};
use crate::base::surface::Surface;
use crate::ffi::argument::{Argument, Call};

impl Argument<'_, i32> for Surface {
    unsafe fn from_c(raw: i32, name: &str, _: &Call) -> Result<Self> {
        Self::from_code(raw).ok_or_else(|| {
            Error::new(
                Status::InvalidArgument,
                format!("Invalid value for argument {name}."),
                "Pass the number of a surface, from 0 to 3.",
            )
        })
    }
}
