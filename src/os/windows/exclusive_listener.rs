//! A listener whose port no other process can take over.
//!
//! Without `SO_EXCLUSIVEADDRUSE`, a process that sets `SO_REUSEADDR` may bind the same address and get the connections
//! ("Using `SO_REUSEADDR` and `SO_EXCLUSIVEADDRUSE`"). The standard library sets neither, and has no socket that is not
//! bound yet.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::windows::io::FromRawSocket;

use windows_sys::Win32::Networking::WinSock::{
    AF_INET, AF_INET6, IN_ADDR, IN_ADDR_0, IN6_ADDR, IN6_ADDR_0, INVALID_SOCKET, IPPROTO_TCP, SO_EXCLUSIVEADDRUSE,
    SOCK_STREAM, SOCKADDR, SOCKADDR_IN, SOCKADDR_IN6, SOCKET, SOL_SOCKET, SOMAXCONN, WSA_FLAG_NO_HANDLE_INHERIT,
    WSA_FLAG_OVERLAPPED, WSADATA, WSAGetLastError, WSASocketW, WSAStartup, bind as bind_socket, listen, setsockopt,
};

/// Listens on an address, alone.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    start()?;
    let family = if address.is_ipv4() { AF_INET } else { AF_INET6 };
    // SAFETY: it takes numbers, and no protocol information.
    let socket = unsafe {
        WSASocketW(
            family.into(),
            SOCK_STREAM,
            IPPROTO_TCP,
            std::ptr::null(),
            0,
            // A browser that is started must not inherit it.
            WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT,
        )
    };
    if socket == INVALID_SOCKET {
        return Err(last_error());
    }
    // SAFETY: the socket was just made, and nobody else closes it. From here on its owner does.
    let listener = unsafe { TcpListener::from_raw_socket(socket as u64) };
    claim(socket, address)?;
    Ok(listener)
}

/// Makes the process a user of Windows Sockets. It may do so several times.
fn start() -> io::Result<()> {
    let mut data = WSADATA::default();
    // SAFETY: `data` is writable.
    match unsafe { WSAStartup(0x0202, &raw mut data) } {
        0 => Ok(()),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}

fn claim(socket: SOCKET, address: SocketAddr) -> io::Result<()> {
    let exclusive = 1_i32;
    // SAFETY: the value is an int, and its length is that of an int.
    check(unsafe {
        setsockopt(
            socket,
            SOL_SOCKET,
            SO_EXCLUSIVEADDRUSE,
            (&raw const exclusive).cast(),
            length_of::<i32>(),
        )
    })?;
    let bound = match address {
        SocketAddr::V4(address) => {
            let name = SOCKADDR_IN {
                sin_family: AF_INET,
                sin_port: address.port().to_be(),
                sin_addr: IN_ADDR {
                    S_un: IN_ADDR_0 {
                        S_addr: u32::from_ne_bytes(address.ip().octets()),
                    },
                },
                sin_zero: [0; 8],
            };
            // SAFETY: the name and its length belong together.
            unsafe { bind_socket(socket, (&raw const name).cast::<SOCKADDR>(), length_of::<SOCKADDR_IN>()) }
        }
        SocketAddr::V6(address) => {
            let name = SOCKADDR_IN6 {
                sin6_family: AF_INET6,
                sin6_port: address.port().to_be(),
                sin6_addr: IN6_ADDR {
                    u: IN6_ADDR_0 {
                        Byte: address.ip().octets(),
                    },
                },
                ..SOCKADDR_IN6::default()
            };
            // SAFETY: the name and its length belong together.
            unsafe {
                bind_socket(
                    socket,
                    (&raw const name).cast::<SOCKADDR>(),
                    length_of::<SOCKADDR_IN6>(),
                )
            }
        }
    };
    check(bound)?;
    let most = i32::try_from(SOMAXCONN).unwrap_or(i32::MAX);
    // SAFETY: the socket is bound.
    check(unsafe { listen(socket, most) })
}

fn length_of<T>() -> i32 {
    i32::try_from(size_of::<T>()).unwrap_or_default()
}

fn check(outcome: i32) -> io::Result<()> {
    if outcome == 0 { Ok(()) } else { Err(last_error()) }
}

fn last_error() -> io::Error {
    // SAFETY: it takes nothing.
    io::Error::from_raw_os_error(unsafe { WSAGetLastError() })
}
