//! The socket: connections, their limits, and the end.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;

use super::app::App;
use super::{Options, ServeError, api, page};

/// Longest time for the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// Longest time in which a peer neither sends nor takes anything.
const IDLE: Duration = Duration::from_secs(75);
/// Longest time that open requests have to end in, once the process is asked to.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until a signal asks to end, and then until open requests are answered.
pub(super) async fn run(
    options: Options,
    started: impl FnOnce(SocketAddr) -> io::Result<()>,
) -> Result<(), ServeError> {
    let address = options.listen;
    let app = Arc::new(App::new(options)?);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Start)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Start)?;
    let listen = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let service = TowerToHyperService::new(api::routes().merge(page::routes(&app)).with_state(app));
    let connections = GracefulShutdown::new();
    started(listener.local_addr().map_err(listen)?).map_err(ServeError::Start)?;
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // Too many open files, or a peer that has gone: the next may fare better.
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
        };
        let mut stream = TimeoutStream::new(stream);
        stream.set_read_timeout(Some(IDLE));
        stream.set_write_timeout(Some(IDLE));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(Box::pin(stream)), service.clone());
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // A peer that breaks off is nobody's business.
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = timeout(GRACE, pin!(connections.shutdown())).await;
    Ok(())
}
