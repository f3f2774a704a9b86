//! The program that the user has chosen for web addresses.

use std::ptr;

use windows_sys::Win32::UI::Shell::{SEE_MASK_FLAG_NO_UI, SEE_MASK_NOASYNC, SHELLEXECUTEINFOW, ShellExecuteExW};
use windows_sys::Win32::UI::WindowsAndMessaging::SW_SHOWNORMAL;

/// Opens an address of the web. Returns why not.
pub fn open(url: &str) -> Result<(), String> {
    let wide = |text: &str| text.encode_utf16().chain([0]).collect::<Vec<u16>>();
    let (verb, file) = (wide("open"), wide(url));
    let mut info = SHELLEXECUTEINFOW {
        cbSize: u32::try_from(size_of::<SHELLEXECUTEINFOW>()).unwrap_or_default(),
        // Returns when the browser has the address, and shows no window of its own.
        fMask: SEE_MASK_NOASYNC | SEE_MASK_FLAG_NO_UI,
        lpVerb: verb.as_ptr(),
        lpFile: file.as_ptr(),
        lpParameters: ptr::null(),
        nShow: SW_SHOWNORMAL,
        ..SHELLEXECUTEINFOW::default()
    };
    // SAFETY: the size is that of the structure, the texts end with NUL and outlive the call, and the rest is zero.
    if unsafe { ShellExecuteExW(&raw mut info) } != 0 {
        return Ok(());
    }
    Err(std::io::Error::last_os_error().to_string())
}
