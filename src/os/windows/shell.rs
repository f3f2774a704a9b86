//! The program that the user has chosen for web addresses.

use std::ffi::CStr;
use std::io;
use std::mem::transmute;
use std::ptr;

use windows_sys::Win32::Foundation::FreeLibrary;
use windows_sys::Win32::System::LibraryLoader::{GetProcAddress, LOAD_LIBRARY_SEARCH_SYSTEM32, LoadLibraryExW};
use windows_sys::Win32::UI::Shell::{SEE_MASK_FLAG_NO_UI, SEE_MASK_NOASYNC, SHELLEXECUTEINFOW};
use windows_sys::Win32::UI::WindowsAndMessaging::SW_SHOWNORMAL;
use windows_sys::core::BOOL;

/// Opens an address of the web. Returns why not.
pub fn open(url: &str) -> Result<(), String> {
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
    shell_execute(&mut info).map_err(|error| error.to_string())
}

type ShellExecute = unsafe extern "system" fn(*mut SHELLEXECUTEINFOW) -> BOOL;

const LIBRARY: &str = "shell32.dll";
const FUNCTION: &CStr = c"ShellExecuteExW";

/// Nano Server has no shell, so its library is loaded only when it is needed.
fn shell_execute(info: &mut SHELLEXECUTEINFOW) -> io::Result<()> {
    let name = wide(LIBRARY);
    // SAFETY: the name ends with NUL, and the second parameter is reserved.
    let library = unsafe { LoadLibraryExW(name.as_ptr(), ptr::null_mut(), LOAD_LIBRARY_SEARCH_SYSTEM32) };
    if library.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the library is loaded, and the name ends with NUL.
    let function = unsafe { GetProcAddress(library, FUNCTION.as_ptr().cast()) };
    let outcome = match function {
        None => Err(io::Error::last_os_error()),
        Some(function) => {
            // SAFETY: this is the type of ShellExecuteExW.
            let execute: ShellExecute = unsafe { transmute(function) };
            // SAFETY: the size is that of the structure, its texts end with NUL and outlive the call, the rest is zero.
            if unsafe { execute(info) } == 0 {
                Err(io::Error::last_os_error())
            } else {
                Ok(())
            }
        }
    };
    // SAFETY: it was loaded above, and nothing of it is used any more.
    unsafe { FreeLibrary(library) };
    outcome
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}
