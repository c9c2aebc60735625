//! What happens when somebody asks: one business action a file, apart from how any dialect spells it.

pub mod choose_captions;
pub mod create_live_stream;
pub mod create_player;
pub mod create_video;
pub mod create_watermark;
pub mod delete_live_stream;
pub mod delete_player;
pub mod delete_text;
pub mod delete_video;
pub mod delete_watermark;
pub mod end_session;
pub mod pick_thumbnail;
pub mod put_text;
pub mod receive_source;
pub mod redeem;
pub mod set_live_thumbnail;
pub mod set_logo;
pub mod set_thumbnail;
pub mod sign_in;
pub mod update_live_stream;
pub mod update_player;
pub mod update_video;
