//! What happens when somebody asks: one business action a file, apart from how any dialect spells it.

pub mod change_settings;
pub mod claim_upload;
pub mod create_video;
pub mod delete_video;
pub mod end_session;
pub mod pick_thumbnail;
pub mod receive_source;
pub mod redeem;
pub mod restore_video;
pub mod set_thumbnail;
pub mod sign_in;
pub mod update_video;
pub mod upload_tokens;
