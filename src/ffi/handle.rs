//! Handles: Rust values that C holds by pointer.

use std::ptr;

use crate::base::error::{Error, Result, Status};
use crate::ffi::argument::{Argument, Call, null};
use crate::ffi::place::IntoC;

/// A type whose values C holds by pointer. Every handle is a `Box` of its own, in which a tag stands before the value:
/// [`IntoC`] gives it to C, and the `_free` function of the type takes it back.
///
/// C cannot tell the types of handles apart, and neither can .NET. So each function looks at the tag before it uses a
/// handle. What is no handle at all is found by chance only.
pub trait Object {
    /// Its name in C.
    const NAME: &'static str;
}

/// What a handle points to. C sees an opaque type with the name of the object.
#[repr(C)]
struct Tagged<T> {
    /// First, where it is for every type.
    tag: u64,
    object: T,
}

/// The tag of a handle that was freed. Its memory may have another owner already: nothing depends on it.
const FREED: u64 = 0;

impl<T: Object> Tagged<T> {
    const TAG: u64 = tag_of(T::NAME);

    /// What `handle` points to.
    ///
    /// # Safety
    /// `handle` is a live handle, though perhaps of another type.
    unsafe fn of(handle: *mut T, name: &str) -> Result<*mut Self> {
        let tagged = handle.cast::<Self>();
        // SAFETY: every handle begins with a tag, whatever its type, and the address is aligned.
        if tagged.is_aligned() && unsafe { (*tagged).tag } == Self::TAG {
            Ok(tagged)
        } else {
            Err(wrong(name, T::NAME))
        }
    }
}

/// The FNV-1a hash of the name of a type.
const fn tag_of(name: &str) -> u64 {
    let (bytes, mut tag, mut at) = (name.as_bytes(), 0xcbf2_9ce4_8422_2325_u64, 0);
    while at < bytes.len() {
        tag = (tag ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    tag
}

/// A handle that C gave back. Dropping it frees the object.
pub struct Owned<T>(#[expect(dead_code, reason = "it is only dropped")] Box<Tagged<T>>);

impl<'call, T: Object> Argument<'call, *const T> for Option<&'call T> {
    unsafe fn from_c(handle: *const T, name: &str, _: &'call Call) -> Result<Self> {
        if handle.is_null() {
            return Ok(None);
        }
        // SAFETY: not NULL, and so a live handle.
        let tagged = unsafe { Tagged::of(handle.cast_mut(), name) }?;
        // SAFETY: it is of this type, and stays live during the call; the reference ends with the call.
        Ok(Some(unsafe { &(*tagged).object }))
    }
}

impl<'call, T: Object> Argument<'call, *const T> for &'call T {
    unsafe fn from_c(handle: *const T, name: &str, call: &'call Call) -> Result<Self> {
        // SAFETY: the promise is the same.
        let handle: Option<Self> = unsafe { Argument::from_c(handle, name, call) }?;
        handle.ok_or_else(|| null(name))
    }
}

/// A handle that the C signature declares as changed. What can change in an object is behind a lock.
impl<'call, T: Object> Argument<'call, *mut T> for &'call T {
    unsafe fn from_c(handle: *mut T, name: &str, call: &'call Call) -> Result<Self> {
        // SAFETY: the promise is the same.
        unsafe { Argument::from_c(handle.cast_const(), name, call) }
    }
}

impl<'call, T: Object> Argument<'call, *mut T> for Option<Owned<T>> {
    unsafe fn from_c(handle: *mut T, name: &str, _: &'call Call) -> Result<Self> {
        if handle.is_null() {
            return Ok(None);
        }
        // SAFETY: not NULL, and so a live handle.
        let tagged = unsafe { Tagged::of(handle, name) }?;
        // SAFETY: it is of this type, so that it is a box, and it is no longer in use. A plain write could be left out,
        // because the memory is freed.
        Ok(Some(unsafe {
            ptr::write_volatile(&raw mut (*tagged).tag, FREED);
            Owned(Box::from_raw(tagged))
        }))
    }
}

impl<T: Object> IntoC<*mut T> for T {
    fn into_c(self) -> *mut T {
        let tag = Tagged::<T>::TAG;
        Box::into_raw(Box::new(Tagged { tag, object: self })).cast()
    }
}

/// None is NULL.
impl<T: Object> IntoC<*mut T> for Option<T> {
    fn into_c(self) -> *mut T {
        self.map_or(ptr::null_mut(), IntoC::into_c)
    }
}

#[cold]
fn wrong(name: &str, expected: &str) -> Error {
    Error::new(
        Status::InvalidHandle,
        format!("The handle {name} is not a live {expected}."),
        "This is a mistake in the calling program: pass a handle of this kind that was not freed.",
    )
}

#[cfg(test)]
mod tests {
    use std::ffi::c_void;

    use super::*;

    struct Plain(u8);

    impl Object for Plain {
        const NAME: &'static str = "gt_plain";
    }

    /// Of a larger alignment than its tag.
    #[repr(align(64))]
    struct Aligned(u8);

    impl Object for Aligned {
        const NAME: &'static str = "gt_aligned";
    }

    fn read<T: Object>(handle: *const T) -> Result<bool> {
        let call = Call::default();
        // SAFETY: the tests pass NULL or live handles.
        let object: Option<&T> = unsafe { Argument::from_c(handle, "thing", &call) }?;
        Ok(object.is_some())
    }

    fn free<T: Object>(handle: *mut T) -> Result<bool> {
        let call = Call::default();
        // SAFETY: as above, and no test uses a handle again.
        let object: Option<Owned<T>> = unsafe { Argument::from_c(handle, "thing", &call) }?;
        Ok(object.is_some())
    }

    #[test]
    fn a_handle_is_used_as_what_it_is() {
        let (plain, aligned) = (Plain(1).into_c(), Aligned(2).into_c());
        let call = Call::default();
        // SAFETY: both are live.
        let (one, two): (&Plain, &Aligned) = unsafe {
            (
                Argument::from_c(plain, "plain", &call).unwrap(),
                Argument::from_c(aligned, "aligned", &call).unwrap(),
            )
        };
        assert_eq!((one.0, two.0), (1, 2));
        assert!(!read::<Plain>(ptr::null()).unwrap());
        assert!(free(plain).unwrap() && free(aligned).unwrap());
        assert!(!free::<Plain>(ptr::null_mut()).unwrap());
    }

    #[test]
    fn a_handle_of_another_type_is_refused_and_not_freed() {
        let (plain, aligned) = (Plain(1).into_c(), Aligned(2).into_c());
        for error in [
            read(plain.cast::<c_void>().cast::<Aligned>()).unwrap_err(),
            free(plain.cast::<c_void>().cast::<Aligned>()).unwrap_err(),
        ] {
            assert_eq!(error.status(), Status::InvalidHandle);
            assert_eq!(error.message(), "The handle thing is not a live gt_aligned.");
        }
        assert_eq!(
            read(aligned.cast::<Plain>()).unwrap_err().status(),
            Status::InvalidHandle
        );
        assert!(free(aligned.cast::<Plain>()).is_err());
        assert!(free(plain).unwrap() && free(aligned).unwrap());
    }

    #[test]
    fn an_address_inside_an_object_is_refused() {
        let plain = Plain(1).into_c();
        for offset in [1, 4] {
            let inside = plain.cast::<u8>().wrapping_add(offset).cast::<Plain>();
            assert_eq!(read(inside).unwrap_err().status(), Status::InvalidHandle);
        }
        assert!(free(plain).unwrap());
    }
}
