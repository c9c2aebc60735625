//! When the operator, or the system, asks the program to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Ready at the first SIGTERM or SIGINT since the call, which is why the listening begins before the waiting.
pub fn stop_asked() -> impl Future<Output = ()> {
    let (terminate, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async {
        tokio::select! {
            () = arrives(terminate) => {}
            () = arrives(interrupt) => {}
        }
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
