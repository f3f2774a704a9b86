//! One TCP connection of a client.

use std::net::IpAddr;

use tokio::sync::Notify;

/// What a request handler knows of the connection that it serves.
pub(crate) struct Connection {
    /// Counted from 1.
    pub(crate) number: u64,
    /// The address of the client.
    pub(crate) peer: IpAddr,
    reset: Notify,
}

impl Connection {
    pub(crate) fn new(number: u64, peer: IpAddr) -> Self {
        Self {
            number,
            peer,
            reset: Notify::new(),
        }
    }

    /// Resets the connection (TCP RST) without an answer; does not return.
    pub(crate) async fn reset(&self) -> ! {
        self.reset.notify_one();
        std::future::pending().await
    }

    /// Returns when the connection is to be reset.
    pub(crate) async fn reset_requested(&self) {
        self.reset.notified().await;
    }
}
