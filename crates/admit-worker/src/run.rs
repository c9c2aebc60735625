//! One pair of hands: claim, work while renewing the lease, finish, retry or give up.

use std::{
    pin::{Pin, pin},
    time::Duration,
};

use admit_db::{DbError, jobs, revocations, transaction, videos};
use admit_domain::{
    job::Lease,
    limits::{IMPORTS_MAX, JOB_ATTEMPTS_MAX, JOB_HEARTBEAT, JOB_LEASE},
    object_key::ObjectPrefix,
};

use admit_media::MediaError;
use futures_util::future::join_all;
use tokio::sync::Mutex;

use crate::{
    context::{Context, JobError, empty_folder},
    deliver, fetch_keys,
    jobs::{give_up, perform},
    worker::Worker,
};

/// How often the queue is looked at when nobody rings.
const POLL: Duration = Duration::from_secs(1);
/// The first retry waits this long, the second four times as long.
const RETRY_AFTER: Duration = Duration::from_secs(5);
/// Characters of an error that are kept with its job.
const ERROR_CHARS_MAX: usize = 2_000;

impl Worker {
    /// Empties the scratch folder and proves that the media programs are there, know what is asked of them, and can be
    /// confined on this machine. Meant for start-up: it fails where every job would.
    pub async fn prepare(&self) -> Result<(), MediaError> {
        empty_folder(&self.scratch)?;
        let version = self.toolbox.check(&self.scratch).await?;
        tracing::info!(version, "media programs are ready");
        self.sweep().await;
        Ok(())
    }

    /// Frees what a process that died left of uploads whose video it had not made yet. For start-up alone: while
    /// somebody uploads, a piece may lie there for a moment before its video is known.
    async fn sweep(&self) {
        let sweep = async {
            for video in self.objects.unfinished().await? {
                if !videos::exists(&self.db, &video).await? {
                    self.objects.delete_all(ObjectPrefix::Upload(video)).await?;
                }
            }
            Ok::<(), JobError>(())
        };
        if let Err(error) = sweep.await {
            tracing::warn!(%error, "sweep unfinished uploads");
        }
    }

    /// Works with `hands` jobs at a time until `stop` is ready; what is then unfinished goes back to the queue. Imports
    /// wait for servers outside, and keep no hand from working.
    pub async fn run<F: Future<Output = ()>>(&self, hands: usize, stop: impl Fn() -> F) {
        let (making, importing) = (Lane::new(false), Lane::new(true));
        let making = join_all((0..hands).map(|hand| work(self, &making, hand, stop())));
        let importing = join_all((0..IMPORTS_MAX).map(|hand| work(self, &importing, hand, stop())));
        tokio::join!(making, importing, deliver::run(self, &stop), fetch_keys::run(self, &stop));
    }
}

/// Which jobs a pair of hands takes.
struct Lane {
    is_import: bool,
    /// Held by the hands that look for the next: one look serves all, and what it counts is true.
    turn: Mutex<()>,
}

impl Lane {
    fn new(is_import: bool) -> Self {
        Self { is_import, turn: Mutex::default() }
    }

    async fn claim(&self, worker: &Worker, hand: usize) -> Result<Option<Lease>, DbError> {
        let now = (worker.now)();
        if self.is_import {
            jobs::claim_import(&worker.db, &format!("import-{hand}"), now, JOB_LEASE).await
        } else {
            jobs::claim(&worker.db, &format!("hand-{hand}"), now, JOB_LEASE).await
        }
    }

    async fn wait<T>(&self, worker: &Worker) -> Option<T> {
        if self.is_import {
            // The bell is for those who make films; nobody sits before an import.
            tokio::time::sleep(POLL).await;
        } else {
            // Either way the queue is looked at next.
            let _ = tokio::time::timeout(POLL, worker.work_waits.notified()).await;
        }
        None
    }
}

async fn work(worker: &Worker, lane: &Lane, hand: usize, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let _turn = lane.turn.lock().await;
            bury(worker).await;
            match lane.claim(worker, hand).await {
                Ok(Some(lease)) => Some(lease),
                Ok(None) => lane.wait(worker).await,
                Err(error) => {
                    tracing::warn!(%error, "look for work");
                    lane.wait(worker).await
                }
            }
        };
        let lease = tokio::select! {
            biased;
            () = &mut stop => return,
            lease = next => lease,
        };
        if let Some(lease) = lease
            && one(worker, lease, stop.as_mut()).await == Ended::Stopped
        {
            return;
        }
    }
}

/// Jobs whose every worker vanished are called failed, and their videos are told.
async fn bury(worker: &Worker) {
    let now = (worker.now)();
    let buried = transaction!(worker.db, |tx| {
        for lost in jobs::give_up(tx, now).await? {
            give_up(tx, &lost, None, now).await?;
            revocations::changed(tx, &lost.project, lost.video, now).await?;
        }
        Ok(())
    });
    if let Err(error) = buried {
        tracing::warn!(%error, "look for lost work");
    }
}

#[derive(PartialEq, Eq)]
enum Ended {
    Worked,
    Stopped,
}

async fn one(worker: &Worker, lease: Lease, stop: Pin<&mut impl Future<Output = ()>>) -> Ended {
    let (job, video, kind) = (lease.id, lease.video, lease.work.kind());
    tracing::info!(%job, %video, kind, attempt = lease.attempt, "begin");
    let outcome = match Context::begin(worker, lease) {
        Ok(context) => {
            // What is dropped here takes its programs with it.
            let outcome = tokio::select! {
                outcome = perform(&context) => outcome,
                () = lose(worker, &lease) => Err(JobError::Lost),
                () = stop => Err(JobError::Stopped),
            };
            context.clean_up(outcome.is_ok()).await;
            outcome
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => tracing::info!(%job, %video, kind, "done"),
        Err(JobError::Lost) => tracing::warn!(%job, %video, kind, "lost to another worker, or the video is gone"),
        Err(JobError::Stopped) => {
            give_back(worker, &lease).await;
            return Ended::Stopped;
        }
        Err(error) => fail(worker, &lease, &error).await,
    }
    Ended::Worked
}

/// Nobody has to wait for the lease of a worker that was told to stop.
async fn give_back(worker: &Worker, lease: &Lease) {
    let now = (worker.now)();
    if let Err(error) = transaction!(worker.db, |tx| jobs::give_back(tx, lease, now).await) {
        tracing::warn!(job = %lease.id, %error, "give work back");
    }
}

/// Renews the lease until it cannot be renewed.
async fn lose(worker: &Worker, lease: &Lease) {
    loop {
        tokio::time::sleep(JOB_HEARTBEAT).await;
        let now = (worker.now)();
        match jobs::renew(&worker.db, lease, now.plus(JOB_LEASE)).await {
            Ok(true) => {}
            Ok(false) => return,
            // A database that does not answer for a moment takes no lease away; the next beat will tell.
            Err(error) => tracing::warn!(%error, "renew a lease"),
        }
    }
}

async fn fail(worker: &Worker, lease: &Lease, error: &JobError) {
    let text: String = error.report().chars().take(ERROR_CHARS_MAX).collect();
    let last = error.is_final() || lease.attempt >= JOB_ATTEMPTS_MAX;
    tracing::warn!(job = %lease.id, video = %lease.video, kind = lease.work.kind(), last, error = text, "failed");
    let now = (worker.now)();
    let outcome = transaction!(worker.db, |tx| {
        let retry_at = (!last).then(|| now.plus(RETRY_AFTER * 4_u32.pow(lease.attempt.saturating_sub(1))));
        if !jobs::fail(tx, lease, &text, retry_at, now).await? {
            return Err(DbError::Conflict);
        }
        if last {
            give_up(tx, lease, Some(error), now).await?;
            revocations::changed(tx, &lease.project, lease.video, now).await?;
        }
        Ok(())
    });
    if let Err(error) = outcome {
        tracing::warn!(%error, "record a failure");
    }
    // Whoever waits for the film is told that it will not come.
    worker.log_grew.notify_one();
}
