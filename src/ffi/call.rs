//! One call from C: its arguments get their types, its body runs under the guard, its result goes back.
//!
//! The body of an exported function is one of these macros around safe code. They call [`Argument::from_c`] without an
//! `unsafe` block of their own: what that asks for is what C promises in the "Safety" section of the exported function.
//! So they compile in an `unsafe fn` only.
//!
//! [`Argument::from_c`]: super::argument::Argument::from_c

/// A function that reports errors: `call!(thing_out, error_out, |name: &str, options: Option<&GtOptions>| body)`.
///
/// Each argument gets the type behind it (see [`Argument`](super::argument::Argument)). The body is a `Result`: its
/// value goes to `thing_out` (see [`IntoC`](super::place::IntoC)), its error to `error_out`. Without `thing_out` the
/// value is `()`.
macro_rules! call {
    ($place:ident, $error_out:ident, || $body:expr) => {
        $crate::ffi::call::call!($place, $error_out, | | $body)
    };
    ($place:ident, $error_out:ident, |$($argument:ident: $type:ty),* $(,)?| $body:expr) => {
        $crate::ffi::call::call!(
            $error_out,
            |$place: $crate::ffi::place::Place<'_, _>, $($argument: $type),*| $place.fill(|| $body)
        )
    };
    ($error_out:ident, |$($argument:ident: $type:ty),* $(,)?| $body:expr) => {{
        let call = $crate::ffi::argument::Call::default();
        let error_out = $crate::ffi::call::argument!(&call, $error_out: Option<$crate::ffi::place::Place<'_, _>>);
        $crate::ffi::guard::report(error_out.unwrap_or_default(), || {
            $(let $argument = $crate::ffi::call::argument!(&call, $argument: $type)?;)*
            $body
        })
    }};
}

/// A function that returns a status and no error object: `plain_call!(text_out, |token: &GtToken| value)`.
///
/// The value goes to `text_out` as in `call!`; `?` ends the body with a failure. Without a place the body is a
/// `Result<()>`.
macro_rules! plain_call {
    ($place:ident, |$($argument:ident: $type:ty),* $(,)?| $body:expr) => {
        $crate::ffi::call::plain_call!(
            |$place: $crate::ffi::place::Place<'_, _>, $($argument: $type),*| $place.fill(|| Ok($body))
        )
    };
    (|$($argument:ident: $type:ty),* $(,)?| $body:expr) => {{
        let call = $crate::ffi::argument::Call::default();
        $crate::ffi::guard::guard_plain(|| {
            $(let $argument = $crate::ffi::call::argument!(&call, $argument: $type)?;)*
            $body
        })
    }};
}

/// A function that frees an object: `free!(token)`.
macro_rules! free {
    ($handle:ident) => {{
        let call = $crate::ffi::argument::Call::default();
        let object = $crate::ffi::call::argument!(&call, $handle: Option<$crate::ffi::handle::Owned<_>>);
        $crate::ffi::guard::discard(object.unwrap_or_default());
    }};
}

/// An argument with its type: `argument!(&call, client: &GtClient)?`.
macro_rules! argument {
    ($call:expr, $argument:ident: $type:ty) => {{
        #[allow(
            unsafe_op_in_unsafe_fn,
            reason = "C promises to the exported function what its arguments need"
        )]
        let argument =
            <$type as $crate::ffi::argument::Argument<'_, _>>::from_c($argument, stringify!($argument), $call);
        argument
    }};
}

pub(super) use {argument, call, free, plain_call};
