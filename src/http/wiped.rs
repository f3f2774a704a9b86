//! Connections that keep nothing of what went over them.

use std::hint::black_box;

use ureq::Error as HttpError;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// Overwrites buffers, except input that was not read yet.
pub(crate) fn wipe(buffers: &mut dyn Buffers) {
    // The compiler may not leave out writes to what is handed on.
    black_box(buffers.output()).fill(0);
    if buffers.input().is_empty() {
        black_box(buffers.input_append_buf()).fill(0);
    }
}

/// Overwrites the buffers of connections after each exchange, and when they are closed.
#[derive(Debug)]
pub(crate) struct WipingConnector;

impl<In: Transport> Connector<In> for WipingConnector {
    type Out = WipedTransport<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, HttpError> {
        let wiped = |transport| WipedTransport {
            transport,
            is_used: false,
        };
        Ok(chained.map(wiped))
    }
}

/// A connection whose buffers are overwritten.
#[derive(Debug)]
pub(crate) struct WipedTransport<T: Transport> {
    transport: T,
    /// Whether something went over it since its buffers were overwritten.
    is_used: bool,
}

impl<T: Transport> WipedTransport<T> {
    fn wipe(&mut self) {
        if self.is_used {
            wipe(self.transport.buffers());
            self.is_used = false;
        }
    }
}

impl<T: Transport> Transport for WipedTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), HttpError> {
        self.is_used = true;
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, HttpError> {
        self.is_used = true;
        self.transport.await_input(timeout)
    }

    /// Asked after each exchange, before the connection goes back into the pool.
    fn is_open(&mut self) -> bool {
        self.wipe();
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

impl<T: Transport> Drop for WipedTransport<T> {
    fn drop(&mut self) {
        self.wipe();
    }
}
