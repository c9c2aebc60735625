//! A picture that the customer wants burned into films.

use crate::{
    id::{ProjectId, WatermarkId},
    time::Timestamp,
};

/// A watermark of a project; its picture lies in storage under the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watermark {
    pub id: WatermarkId,
    pub project: ProjectId,
    pub created_at: Timestamp,
}
