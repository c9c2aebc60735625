//! When the operator, or the system, asks the program to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Ready at the first SIGTERM or SIGINT.
pub async fn stop_asked() {
    tokio::select! {
        () = arrives(signal(SignalKind::terminate())) => {}
        () = arrives(signal(SignalKind::interrupt())) => {}
    }
}

async fn arrives(signal: std::io::Result<Signal>) {
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "cannot listen for a signal; the program can only be killed");
            std::future::pending::<()>().await;
        }
    }
}
