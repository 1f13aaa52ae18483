//! The socket: bound, accepted from, closed to whoever dawdles.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::app::App;
use super::{Beyond, Place, ServeError, Settings, rooms};

/// How long the head of a request, or a handshake, may take.
const HEAD: Duration = Duration::from_secs(10);

/// How many connections are held at once; more wait in the system's queue.
const CONNECTIONS: usize = 1024;

/// A page that is bound and not yet served.
pub struct Server {
    listener: std::net::TcpListener,
    tls: Option<TlsAcceptor>,
    app: Arc<App>,
    at: SocketAddr,
}

/// Binds the page of a dossier; what is wrong with its text is told here, its numbers are computed while serving.
///
/// # Errors
/// A dossier that does not read, an address that cannot be bound or may not be, a certificate that does not read.
pub fn bind(place: Place, settings: Settings) -> Result<Server, ServeError> {
    if !settings.listen.ip().is_loopback() && settings.beyond.is_none() {
        return Err(ServeError::Setting(format!(
            "{} can be reached from other machines: give --tls-cert, --tls-key and --passphrase-file, or listen on 127.0.0.1",
            settings.listen.ip()
        )));
    }
    let io = |what: String| move |error| ServeError::Io { what, error };
    let tls = settings.beyond.as_ref().map(acceptor).transpose()?;
    let listener = std::net::TcpListener::bind(settings.listen)
        .map_err(io(format!("listening on {}", settings.listen)))?;
    listener
        .set_nonblocking(true)
        .map_err(io("preparing the socket".to_owned()))?;
    let at = listener
        .local_addr()
        .map_err(io("asking for the port".to_owned()))?;
    let app = App::new(place, settings, at)?;
    Ok(Server {
        listener,
        tls,
        app,
        at,
    })
}

fn acceptor(beyond: &Beyond) -> Result<TlsAcceptor, ServeError> {
    let wrong = |what: &std::path::Path, error: &dyn std::fmt::Display| {
        ServeError::Setting(format!("{}: {error}", what.display()))
    };
    let chain = CertificateDer::pem_file_iter(&beyond.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| wrong(&beyond.certificate, &e))?;
    let key = PrivateKeyDer::from_pem_file(&beyond.key).map_err(|e| wrong(&beyond.key, &e))?;
    let config = ServerConfig::builder_with_provider(Arc::new(
        tokio_rustls::rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
    .map_err(|e| wrong(&beyond.certificate, &e))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

impl Server {
    /// The link that opens the page.
    pub fn link(&self) -> String {
        self.app.guard.link(self.at)
    }

    /// Serves until the process is told to stop (interrupt).
    ///
    /// # Errors
    /// The runtime cannot be started or the socket fails.
    pub fn run(self) -> Result<(), ServeError> {
        let io = |what: &'static str| {
            move |error| ServeError::Io {
                what: what.to_owned(),
                error,
            }
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(io("starting the server"))?;
        runtime.block_on(async {
            let listener =
                TcpListener::from_std(self.listener).map_err(io("preparing the socket"))?;
            let router = rooms::router(Arc::clone(&self.app));
            self.app.compute();
            tokio::select! {
                () = accept(listener, self.tls, router) => Ok(()),
                stopped = tokio::signal::ctrl_c() => stopped.map_err(io("waiting for an interrupt")),
            }
        })
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, router: Router) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, or the visitor is gone: others may still come.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (router, tls) = (router.clone(), tls.clone());
        tokio::spawn(async move {
            match tls {
                None => speak(stream, router).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HEAD, tls.accept(stream)).await {
                        speak(stream, router).await;
                    }
                }
            }
            drop(place);
        });
    }
}

async fn speak(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, router: Router) {
    // A visitor who breaks off is no fault of ours.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .await;
}
