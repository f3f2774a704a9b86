//! The process around the service: address, connections, end.

mod authorize_endpoint;
mod connection;
mod control_access;
mod description;
mod device_page;
mod journal;
mod protected_resource;
mod received;
mod route;
mod served_connection;
mod service;
mod sign_in_page;
mod tls;
mod token_endpoint;
mod tunnel;
mod workload_tokens;

use std::io::Read;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::fault::Fault;
use crate::fault::queue::FaultQueue;
use crate::identity::MachineIdentity;
use crate::settings::Settings;
use crate::start_error::StartError;
use connection::Connection;
use journal::Journal;
use served_connection::serve;
use service::Service;
use token_endpoint::TokenEndpoint;
use workload_tokens::WorkloadTokens;

/// Serves until SIGTERM, SIGINT or, when asked for, the end of standard input.
///
/// `announce` is called once with the address (`http://127.0.0.1:PORT`), when requests to it are already accepted.
pub fn run(settings: &Settings, announce: impl FnOnce(&str) -> std::io::Result<()>) -> Result<(), StartError> {
    let faults: Vec<Fault> = settings
        .faults
        .iter()
        .map(|spec| Fault::parse(spec))
        .collect::<Result<_, _>>()
        .map_err(StartError::Usage)?;
    let endpoint = TokenEndpoint::new(settings)?;
    let workload_tokens = WorkloadTokens::new(settings).map_err(StartError::Usage)?;
    let tls = settings.tls.then(|| {
        tls::acceptor(
            &settings.tls_names,
            &settings.ca_out,
            settings.thumbprint_out.as_deref(),
        )
    });
    let tls = tls.transpose()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let (faults, journal) = (FaultQueue::new(faults), Journal::new());
    let service = Arc::new(Service {
        scheme,
        endpoint,
        workload_tokens,
        tls_names: settings.tls_names.clone(),
        region: settings.region.clone(),
        identity: MachineIdentity::new(settings)?,
        faults,
        journal,
    });
    let runtime = Runtime::new().map_err(|error| StartError::System(format!("cannot start threads: {error}")))?;
    runtime.block_on(async {
        let listener = listen(settings.listen).await?;
        let end = end_of_service(settings.exit_with_stdin)?;
        let address = listener
            .local_addr()
            .map_err(|error| StartError::System(error.to_string()))?;
        announce(&format!("{scheme}://{address}"))
            .map_err(|error| StartError::System(format!("cannot write the address to standard output: {error}")))?;
        tokio::select! {
            () = accept(listener, tls, service) => {},
            () = end => {},
        }
        Ok(())
    })?;
    // A request that is still being answered does not keep the process.
    runtime.shutdown_background();
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| {
        StartError::System(format!(
            "cannot listen on {address}: {error}; choose another port with --listen"
        ))
    })
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, service: Arc<Service>) {
    let mut number = 0;
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            // Out of file descriptors, most likely: only waiting for connections to end helps.
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Only a matter of speed, and a connection that is gone already fails soon enough.
        let _ = stream.set_nodelay(true);
        number += 1;
        tokio::spawn(serve(
            Connection::new(number, peer.ip()),
            stream,
            tls.clone(),
            Arc::clone(&service),
        ));
    }
}

const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Listens for the signals from here on; the returned future waits for the first of them.
fn end_of_service(is_stdin_watched: bool) -> Result<impl Future<Output = ()>, StartError> {
    let signal = end_signal().map_err(|error| StartError::System(format!("cannot wait for signals: {error}")))?;
    let stdin = is_stdin_watched.then(end_of_stdin);
    Ok(async {
        let stdin = async {
            match stdin {
                Some(end) => drop(end.await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = signal => {},
            () = stdin => {},
        }
    })
}

#[cfg(unix)]
fn end_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {},
            _ = interrupt.recv() => {},
        }
    })
}

#[cfg(windows)]
fn end_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move { _ = interrupt.recv().await })
}

/// On a thread of its own: a read of standard input cannot be given up, and must not hold up the end of the runtime.
fn end_of_stdin() -> oneshot::Receiver<()> {
    let (ended, end) = oneshot::channel();
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        let mut ignored = [0; 256];
        while matches!(stdin.read(&mut ignored), Ok(1..)) {}
        let _ = ended.send(());
    });
    end
}
