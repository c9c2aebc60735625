//! Token dialects, one file each: `mint` writes a credential, `read` judges one.

pub mod apivideo;
