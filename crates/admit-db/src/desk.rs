//! Where redeems wait for one commit together: a disk can be asked a few hundred times a second to be sure, and
//! viewers come in thousands.

use std::sync::Arc;

use admit_domain::{
    limits::{REDEEM_BATCH_MAX, REDEEM_QUEUE_MAX},
    session::{Redeem, Redeemed},
    time::Timestamp,
};
use tokio::{
    sync::{Mutex, Notify, mpsc, oneshot},
    task::JoinHandle,
};

use crate::{
    db::Db,
    error::{DbError, Result},
    redemptions::{self, Wish},
    transaction,
};

/// A desk with one clerk, who takes all that wait, commits them, and only then answers.
#[derive(Debug)]
pub struct RedeemDesk {
    queue: mpsc::Sender<Waiting>,
    closing: Arc<Notify>,
    clerk: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Waiting {
    redeem: Redeem,
    now: Timestamp,
    answer: oneshot::Sender<Result<Redeemed>>,
}

impl RedeemDesk {
    pub fn open(db: Db) -> Self {
        let (queue, waiting) = mpsc::channel(REDEEM_QUEUE_MAX);
        let closing = Arc::new(Notify::new());
        #[expect(clippy::disallowed_methods, reason = "the clerk is stopped and joined in close()")]
        let clerk = tokio::spawn(serve(db, waiting, Arc::clone(&closing)));
        Self { queue, closing, clerk: Mutex::new(Some(clerk)) }
    }

    /// Redeems, or repeats a redeem whose answer was lost. What is answered was committed before.
    pub async fn redeem(&self, redeem: Redeem, now: Timestamp) -> Result<Redeemed> {
        let (answer, answered) = oneshot::channel();
        let full = |_| DbError::Overloaded;
        self.queue.try_send(Waiting { redeem, now, answer }).map_err(full)?;
        answered.await.unwrap_or(Err(DbError::Overloaded))
    }

    /// Takes no more, answers all that wait already, and returns when the clerk has gone home.
    pub async fn close(&self) {
        self.closing.notify_one();
        if let Some(clerk) = self.clerk.lock().await.take()
            && let Err(error) = clerk.await
        {
            tracing::error!(%error, "the redeem desk's clerk did not end well");
        }
    }
}

async fn serve(db: Db, mut queue: mpsc::Receiver<Waiting>, closing: Arc<Notify>) {
    let mut batch = Vec::with_capacity(REDEEM_BATCH_MAX);
    loop {
        tokio::select! {
            taken = queue.recv_many(&mut batch, REDEEM_BATCH_MAX) => if taken == 0 { return },
            () = closing.notified() => { queue.close(); continue }
        }
        gather(&mut queue, &mut batch).await;
        settle(&db, &mut batch).await;
    }
}

/// Those just answered are about to come back, and a commit costs the same for one as for all: as long as
/// somebody joins, wait for one more turn of the scheduler, which is microseconds.
async fn gather(queue: &mut mpsc::Receiver<Waiting>, batch: &mut Vec<Waiting>) {
    let mut before = 0;
    while before < batch.len() && batch.len() < REDEEM_BATCH_MAX {
        before = batch.len();
        tokio::task::yield_now().await;
        while batch.len() < REDEEM_BATCH_MAX
            && let Ok(waiting) = queue.try_recv()
        {
            batch.push(waiting);
        }
    }
}

async fn settle(db: &Db, batch: &mut Vec<Waiting>) {
    let mut wishes: Vec<_> = batch.iter().map(|waiting| Wish::of(&waiting.redeem, waiting.now)).collect();
    let settled = transaction!(db, |tx| redemptions::settle(tx, &mut wishes).await);
    drop(wishes);
    // A viewer who went away meanwhile needs no answer; asking again with the same nonce yields it.
    match settled {
        Ok(answers) => batch.drain(..).zip(answers).for_each(|(waiting, answer)| drop(waiting.answer.send(Ok(answer)))),
        Err(error) => batch.drain(..).for_each(|waiting| drop(waiting.answer.send(Err(error.clone())))),
    }
}
