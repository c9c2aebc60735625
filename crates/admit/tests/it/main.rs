//! The house through its doors, in one binary: each module tells the stories of one concern.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here, and says where")]

mod at_hand;
mod attacks;
mod cli_errors;
mod cli_upload;
mod cli_videos;
mod counts;
mod coverage;
mod credentials;
mod drain;
mod edge_config;
mod edges;
mod edits;
mod encryption;
mod explain;
mod guesses;
mod house;
mod http2_bounds;
mod http_slow;
mod http_strict;
mod http_wire;
mod management;
mod outbound;
mod private_tokens;
mod records;
mod redeem_race;
mod revocations;
mod support;
mod tls;
mod uploads;
