//! Puts new tracks or pictures on the shelf: the presentation is written anew, and one transaction shows it.

use admit_db::{DbError, Tx, jobs, revocations, transaction, videos};
use admit_domain::{
    object_key::{Edition, ObjectKey},
    presentation::Presentation,
    video::Shelf,
};

use crate::context::{Context, JobError};

/// Two workers that publish for one video at once take turns; more turns than this would be a fault.
const TURNS_MAX: usize = 16;

impl Context<'_> {
    /// What is on the shelf now.
    pub(crate) async fn shelf(&self) -> Result<Shelf, JobError> {
        let published = videos::published(&self.worker.db, &self.lease.video).await?;
        Ok(published.ok_or(JobError::Lost)?.shelf)
    }

    /// The presentation of that edition; an empty one when there is none yet.
    pub(crate) async fn presentation(&self, edition: Option<Edition>) -> Result<Presentation, JobError> {
        let Some(edition) = edition else { return Ok(Presentation::default()) };
        let bytes = self.worker.objects.get(&ObjectKey::Presentation { video: self.lease.video, edition }).await?;
        Presentation::decode(&bytes).map_err(|_| JobError::Missing("the stored presentation is damaged"))
    }

    /// Changes the presentation and, in the transaction that shows it, ends the job with `follow`.
    pub(crate) async fn publish(
        &self,
        change: impl Fn(&mut Presentation),
        mut follow: impl AsyncFnMut(&mut Tx) -> Result<(), DbError>,
    ) -> Result<(), JobError> {
        let video = self.lease.video;
        for _ in 0..TURNS_MAX {
            let old = self.shelf().await?.presentation;
            let mut presentation = self.presentation(old).await?;
            change(&mut presentation);
            let new = self.edition()?;
            self.store(ObjectKey::Presentation { video, edition: new }, presentation.encode()).await?;
            let shown = transaction!(self.worker.db, |tx| {
                let now = (self.worker.now)();
                if !videos::publish_presentation(tx, &self.lease.project, &video, old, new, now).await? {
                    return Ok(false);
                }
                follow(tx).await?;
                revocations::changed(tx, &self.lease.project, video, now).await?;
                if jobs::finish(tx, &self.lease, now).await? { Ok(true) } else { Err(DbError::Conflict) }
            });
            match shown {
                Ok(true) => {
                    self.worker.log_grew.notify_one();
                    return Ok(());
                }
                Ok(false) => {}
                Err(DbError::Conflict) => return Err(JobError::Lost),
                Err(error) => return Err(error.into()),
            }
        }
        Err(JobError::Lost)
    }

    /// Ends the job with `follow`, in one transaction, when there is nothing to publish.
    pub(crate) async fn finish(
        &self,
        mut follow: impl AsyncFnMut(&mut Tx) -> Result<(), DbError>,
    ) -> Result<(), JobError> {
        let finished = transaction!(self.worker.db, |tx| {
            follow(tx).await?;
            if jobs::finish(tx, &self.lease, (self.worker.now)()).await? { Ok(()) } else { Err(DbError::Conflict) }
        });
        match finished {
            Err(DbError::Conflict) => Err(JobError::Lost),
            other => Ok(other?),
        }
    }
}
