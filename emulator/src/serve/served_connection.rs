//! A connection being served: its TLS, its requests, its end.

use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::connection::Connection;
use super::service::Service;
use super::tunnel;
use crate::answer::Answered;

/// Serves every request of the connection. A client that breaks off ends it, which is no concern of ours.
pub(crate) async fn serve(connection: Connection, stream: TcpStream, tls: Option<TlsAcceptor>, service: Arc<Service>) {
    match tls {
        None => serve_http(connection, stream, |stream| stream, service).await,
        Some(tls) => {
            let Some(stream) = tunnel::entered(stream, &service.tls_names).await else {
                return;
            };
            if let Ok(stream) = tls.accept(stream).await {
                serve_http(connection, stream, |stream| stream.get_ref().0, service).await;
            }
        }
    }
}

async fn serve_http<S>(connection: Connection, stream: S, tcp_of: fn(&S) -> &TcpStream, service: Arc<Service>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let connection = Arc::new(connection);
    let handler = service_fn(|request| {
        let (service, connection) = (Arc::clone(&service), Arc::clone(&connection));
        async move { Answered::Ok(service.answer(&connection, request).await.into_response()) }
    });
    let mut served = http1::Builder::new().serve_connection(TokioIo::new(stream), handler);
    let is_reset = tokio::select! {
        _ = &mut served => false,
        () = connection.reset_requested() => true,
    };
    if is_reset {
        // Closing a socket that must not linger sends RST in place of FIN.
        let _ = tcp_of(served.into_parts().io.inner()).set_zero_linger();
    }
}
