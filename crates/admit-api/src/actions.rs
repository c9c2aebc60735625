//! What happens when somebody asks: one business action a file, apart from how any dialect spells it.

pub mod create_video;
pub mod create_watermark;
pub mod create_webhook;
pub mod delete_video;
pub mod delete_watermark;
pub mod delete_webhook;
pub mod end_session;
pub mod pick_thumbnail;
pub mod receive_source;
pub mod redeem;
pub mod set_thumbnail;
pub mod sign_in;
pub mod update_video;
