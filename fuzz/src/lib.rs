//! What the fuzz targets share: one video, its keys and one instant, so that a target does the same each time.

mod corpus;
pub mod token;
pub mod world;

pub use self::corpus::lay;
