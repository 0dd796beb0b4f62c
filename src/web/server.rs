//! The socket: connections, their limits, and the end.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use super::app::App;
use super::guard::{Ends, guard};
use super::log::watch;
use super::problem::Problem;
use super::{Options, ServeError, api, login, page};

/// How long after the time for a request open ones are waited for, once the process is asked to end.
const GRACE: Duration = Duration::from_secs(3);
/// How often the index is looked at while nobody asks.
const LOOK: Duration = Duration::from_mins(1);
/// How long nothing is accepted after that failed.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until a signal asks to end, and then until open requests are answered.
pub(super) async fn run(
    options: Options,
    started: impl FnOnce(SocketAddr) -> io::Result<()>,
) -> Result<(), ServeError> {
    let (address, grace) = (options.listen, options.timeout + GRACE);
    if !address.ip().is_loopback() && options.token.is_none() {
        return Err(ServeError::Unlocked { address });
    }
    let app = Arc::new(App::new(options)?);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Start)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Start)?;
    let mut hangup = signal(SignalKind::hangup()).map_err(ServeError::Start)?;
    let listen = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let places = Arc::new(Semaphore::new(app.options.limits.connections.max(1)));
    let router = router(&app);
    let open = GracefulShutdown::new();
    let mut look = tokio::time::interval(LOOK);
    started(listener.local_addr().map_err(listen)?).map_err(ServeError::Start)?;
    loop {
        tokio::select! {
            (stream, place) = accept(&listener, &places) => serve(&app, &router, &open, stream, place),
            _ = hangup.recv() => {
                let app = Arc::clone(&app);
                spawn_blocking(move || app.live.reopen());
            }
            // Who is not asked for long lets go of an index all the same that was replaced.
            _ = look.tick() => {
                let app = Arc::clone(&app);
                spawn_blocking(move || app.live.current());
            }
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
        }
    }
    drop(listener);
    let answered = pin!(open.shutdown());
    tokio::select! {
        _ = timeout(grace, answered) => {}
        // Who asks twice does not want to wait.
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// All routes, with what goes before and behind each of them.
fn router(app: &Arc<App>) -> Router {
    let routes = api::routes().merge(login::routes()).merge(page::routes());
    let routes = routes.fallback(nowhere).method_not_allowed_fallback(no_method);
    routes
        .layer(from_fn(page::switches))
        .layer(from_fn_with_state(Arc::clone(app), guard))
        .layer(CatchPanicLayer::custom(|panic| axum::response::IntoResponse::into_response(Problem::panicked(panic))))
        .layer(from_fn_with_state(Arc::clone(app), page::pages))
        .layer(from_fn_with_state(Arc::clone(app), watch))
        // A page of trees and drawings shrinks to a fifth, which a phone far from the server feels.
        .layer(CompressionLayer::new())
        .with_state(Arc::clone(app))
}

async fn nowhere(uri: axum::http::Uri) -> Problem {
    Problem::nowhere(uri.path())
}

async fn no_method(method: axum::http::Method) -> Problem {
    Problem::method(method.as_str())
}

/// The next connection, as soon as there is a place for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            // Too many open files, or a peer that has gone: the next may fare better.
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Answers the requests of a connection, beside all others.
fn serve(app: &App, router: &Router, open: &GracefulShutdown, stream: TcpStream, place: Option<OwnedSemaphorePermit>) {
    // One that has gone already has no ends.
    let (Ok(peer), Ok(local)) = (stream.peer_addr(), stream.local_addr()) else { return };
    // An answer is written at once, and not to be held back until more comes.
    let _ = stream.set_nodelay(true);
    let patience = app.options.patience;
    let mut stream = TimeoutStream::new(stream);
    // Nothing is read while a request is answered.
    stream.set_read_timeout(Some(app.options.timeout + patience + GRACE));
    stream.set_write_timeout(Some(patience));
    let service = TowerToHyperService::new(router.clone().layer(Extension(Ends { peer, local })));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // Who has asked may close his side and wait.
        .half_close(true)
        // From one answer to the head of the next request too.
        .header_read_timeout(patience)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let connection = open.watch(connection);
    tokio::spawn(async move {
        // A peer that breaks off is nobody's business.
        let _ = connection.await;
        drop(place);
    });
}
