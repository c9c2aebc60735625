//! Fetches the public keys of customers who keep them at an address (JWK sets, RFC 7517), and again every few minutes:
//! so a customer's keys are replaced without a word to us.

use admit_db::{
    signing_keys::{self, Record},
    transaction,
};
use admit_domain::{
    limits::{JWKS_BYTES_MAX, JWKS_EVERY, JWKS_FETCHES_MAX, JWKS_LOOK_EVERY},
    public_key,
};
use futures_util::future::join_all;

use crate::{outbound::CallError, worker::Worker};

/// Fetches until `stop` is ready.
pub(crate) async fn run<F: Future<Output = ()>>(worker: &Worker, stop: impl Fn() -> F) {
    let hands = (0..JWKS_FETCHES_MAX).map(|_| async {
        tokio::select! {
            biased;
            () = stop() => {}
            () = work(worker) => {}
        }
    });
    join_all(hands).await;
}

async fn work(worker: &Worker) {
    loop {
        let now = (worker.now)();
        let before = now.minus(JWKS_EVERY);
        match transaction!(worker.db, |tx| signing_keys::claim_fetch(tx, before, now).await) {
            Ok(Some(key)) => fetch(worker, &key).await,
            Ok(None) => rest(worker).await,
            Err(error) => {
                tracing::warn!(%error, "look for public keys to fetch");
                rest(worker).await;
            }
        }
    }
}

async fn rest(worker: &Worker) {
    // Whoever is rung looks at once; the others look in their own time.
    let _ = tokio::time::timeout(JWKS_LOOK_EVERY, worker.keys_wait.notified()).await;
}

/// What cannot be fetched or read leaves what was known in force: the customer may be having a bad minute.
async fn fetch(worker: &Worker, key: &Record) {
    let Some(url) = &key.jwks_url else { return };
    let text = match body(worker, url).await {
        Ok(text) => text,
        Err(error) => {
            tracing::warn!(key = %key.id, %error, "fetch public keys");
            return;
        }
    };
    let keys = match public_key::read_keys(&text) {
        Ok(keys) => keys,
        Err(error) => {
            tracing::warn!(key = %key.id, %error, "read public keys");
            return;
        }
    };
    let set = public_key::write_keys(&keys);
    let stored = transaction!(worker.db, |tx| signing_keys::set_public_keys(tx, &key.project, &key.id, &set).await);
    if let Err(error) = stored {
        tracing::warn!(key = %key.id, %error, "store public keys");
    }
}

async fn body(worker: &Worker, url: &str) -> Result<String, CallError> {
    let mut stream = worker.outbound.get(url, JWKS_BYTES_MAX).await?;
    let mut bytes = Vec::new();
    while let Some(slice) = stream.next().await? {
        bytes.extend_from_slice(&slice);
    }
    // What is no text is no JWK set either, and is told so by its reader.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}
