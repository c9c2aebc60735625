//! Every bound of the house, with its unit in its name and a sentence on why that number.

use std::time::Duration;

/// Keys that verify handles at one time: the one that signs and the one rotated out.
pub const DELIVERY_KEYS_MAX: usize = 2;

/// Handles whose MAC was seen to be right, kept so that the next request need not compute it: 2 MiB.
pub const VERIFIED_HANDLES_MAX: usize = 16_384;

/// A lost reply to a redeem may be asked for again with the same nonce this long.
pub const REDEEM_REPLAY_WINDOW: Duration = Duration::from_mins(1);

/// A client's nonce: 16 to 64 characters, enough for 128 random bits in any usual spelling.
pub const NONCE_CHARS_MIN: usize = 16;
pub const NONCE_CHARS_MAX: usize = 64;

/// Redeems that wait for one commit together. Past a few hundred the batch only adds latency.
pub const REDEEM_BATCH_MAX: usize = 256;
/// Redeems that may queue before a new one is told to come again.
pub const REDEEM_QUEUE_MAX: usize = 4_096;

/// Private tokens say when they were minted to this exactness.
pub const PRIVATE_TOKEN_STEP: Duration = Duration::from_mins(1);
/// A private token that nobody has redeemed is void after this long, unless the operator says otherwise.
pub const PRIVATE_TOKEN_TTL_DEFAULT: Duration = Duration::from_hours(24);
/// The longest life an operator may give a private token.
pub const PRIVATE_TOKEN_TTL_MAX: Duration = Duration::from_hours(365 * 24);
/// A session begun by a private token lasts as long as api.video's.
pub const SESSION_TTL_DEFAULT: Duration = Duration::from_hours(24);
/// The longest life an operator may give a session.
pub const SESSION_TTL_MAX: Duration = Duration::from_hours(7 * 24);

/// Items of one page of a list, as api.video bounds them.
pub const PAGE_SIZE_DEFAULT: u32 = 25;
pub const PAGE_SIZE_MAX: u32 = 100;

/// A JSON request body; the largest real one is a video's metadata.
pub const JSON_BODY_BYTES_MAX: usize = 256 * 1024;
pub const TITLE_CHARS_MAX: usize = 1_024;
pub const DESCRIPTION_CHARS_MAX: usize = 16_384;
pub const TAGS_MAX: usize = 100;
pub const TAG_CHARS_MAX: usize = 255;
pub const METADATA_ENTRIES_MAX: usize = 100;
pub const METADATA_CHARS_MAX: usize = 1_024;

/// A whole source in one request, and a source in all.
pub const ONE_SHOT_BYTES_MAX: u64 = 200 * 1024 * 1024;
pub const SOURCE_BYTES_MAX: u64 = 30 * 1024 * 1024 * 1024;
/// A source sent by byte ranges, as api.video bounds the last byte of one.
pub const RANGED_SOURCE_BYTES_MAX: u64 = 52_428_800_000;
/// Parts of one upload. All but the last have at least `UPLOAD_PART_BYTES_MIN` bytes.
pub const UPLOAD_PARTS_MAX: u32 = 10_000;
pub const UPLOAD_PART_BYTES_MIN: u64 = 5 * 1024 * 1024;
/// A poster sent by the customer.
pub const THUMBNAIL_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// A theme's logo, as api.video bounds it, and the address a click on it leads to.
pub const LOGO_BYTES_MAX: u64 = 100 * 1024;
pub const LOGO_WIDTH_PIXELS_MAX: u32 = 200;
pub const LOGO_HEIGHT_PIXELS_MAX: u32 = 100;
pub const LINK_CHARS_MAX: usize = 2_048;
pub const PLAYER_NAME_CHARS_MAX: usize = 100;
/// Services a live stream is sent on to, as api.video bounds them.
pub const RESTREAMS_MAX: usize = 5;
/// A picture to burn into films: as large as a poster, and no side longer than the largest film's.
pub const WATERMARK_BYTES_MAX: u64 = THUMBNAIL_BYTES_MAX;
pub const WATERMARK_SIDE_PIXELS_MAX: u32 = 8_192;

/// Captions or chapters in one language: many hours of dense speech are a tenth of this.
pub const TIMED_TEXT_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Languages in which a video has captions, and in which it has chapters. All of them are named in its playlist.
pub const TIMED_TEXTS_MAX: u64 = 100;

/// Requests a minute, unless the operator says otherwise: many times what a busy backend needs, and few enough that
/// one caller in a loop does not slow the others.
pub const UPLOADS_PER_MINUTE_DEFAULT: u32 = 2_000;
pub const WRITES_PER_MINUTE_DEFAULT: u32 = 2_000;
pub const READS_PER_MINUTE_DEFAULT: u32 = 20_000;
/// Callers whose requests are counted at one time: 4 MiB.
pub const RATE_COUNTS_MAX: usize = 65_536;

/// How long an operator may keep deleted videos to be had back.
pub const DISCARDED_DAYS_MAX: u32 = 365;

/// An address outside the house, in its canonical spelling; longer ones are refused by many servers too.
pub const OUTBOUND_URL_BYTES_MAX: usize = 2_048;

/// How long the look-up of a name, and a connection, may take; slower servers are as good as gone.
pub const OUTBOUND_LOOKUP: Duration = Duration::from_secs(10);
pub const OUTBOUND_CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take to begin, unless the operator says otherwise.
pub const OUTBOUND_WAIT_DEFAULT: Duration = Duration::from_secs(30);
pub const OUTBOUND_WAIT_MAX: Duration = Duration::from_mins(2);
/// Below this rate a transfer holds a place that others wait for.
pub const OUTBOUND_BYTES_PER_SECOND_MIN: u64 = 64 * 1024;
/// The longest a transfer may take in all: a large film over a slow line.
pub const OUTBOUND_FETCH: Duration = Duration::from_hours(12);
/// How often a source may be moved before it is called lost.
pub const OUTBOUND_REDIRECTS_MAX: usize = 5;
/// Sources of one project that are fetched at one time, and in one process of all projects.
pub const IMPORTS_PER_PROJECT_MAX: u32 = 4;
pub const IMPORTS_MAX: usize = 8;

/// Webhooks of a project: each event is written once for each of them, in the transaction of the change.
pub const WEBHOOKS_PER_PROJECT_MAX: u32 = 20;
/// What waits to be told to one webhook. A receiver that is down for long hears the first of it, and no more.
pub const DELIVERIES_WAITING_MAX: u32 = 10_000;
/// What was told, or given up, and is kept to be looked at, of one webhook.
pub const DELIVERIES_KEPT_MAX: u32 = 1_000;
/// Deliveries under way at one time, in a process and of a project. To one webhook there is one at a time.
pub const DELIVERIES_MAX: usize = 8;
pub const DELIVERIES_PER_PROJECT_MAX: u32 = 4;
/// A process that has not been heard of for this long has lost its delivery to another: longer than any delivery.
pub const DELIVERY_LEASE: Duration = Duration::from_mins(5);
/// What is waited after each attempt that failed; less than a day in all, and after the last there is none.
pub const DELIVERY_RETRIES: [Duration; 8] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_hours(1),
    Duration::from_hours(3),
    Duration::from_hours(6),
    Duration::from_hours(12),
];
/// Events given up one after another before the webhook is told nothing any more.
pub const DELIVERIES_GIVEN_UP_MAX: u32 = 5;

/// How often a job is tried before it is called failed.
pub const JOB_ATTEMPTS_MAX: u32 = 3;
/// A worker that has not been heard of for this long has lost its job to another.
pub const JOB_LEASE: Duration = Duration::from_secs(30);
/// How often a working worker renews its lease.
pub const JOB_HEARTBEAT: Duration = Duration::from_secs(5);

/// How long an edge may have heard nothing of revocations before it refuses private media.
pub const MAX_STALENESS_DEFAULT: Duration = Duration::from_secs(30);
pub const MAX_STALENESS_MAX: Duration = Duration::from_mins(5);
/// Ended sessions that each next snapshot of the gate copies; older ones are shared.
pub const ENDED_SESSIONS_NEWEST_MAX: usize = 1_024;

/// Entries of the log a control plane keeps in memory for edges that were away: 640 KiB.
pub const FEED_ENTRIES_KEPT_MAX: usize = 10_000;
/// Streams of the log that one control plane writes at a time.
pub const FEED_FOLLOWERS_MAX: usize = 512;
/// Entries of the log are kept this long after they say nothing any more: clocks differ, and so do backups.
pub const LOG_KEPT: Duration = Duration::from_hours(1);
/// Entries of the log that are deleted at a time, and how often in a minute.
pub const LOG_PRUNED_MAX: u32 = 1_000;
pub const LOG_PRUNINGS_MAX: usize = 10;
/// How long a token to join with may be used.
pub const EDGE_TOKEN_TTL: Duration = Duration::from_hours(24);
/// Edges that are listed, and waited for.
pub const EDGES_MAX: u32 = 1_000;
/// Characters of an edge's name.
pub const EDGE_NAME_CHARS_MAX: usize = 100;
/// How long a caller may wait for edges, and does unless it says otherwise.
pub const EDGES_WAIT_DEFAULT: Duration = Duration::from_secs(1);
pub const EDGES_WAIT_MAX: Duration = Duration::from_secs(10);
/// Characters of the reason an operator gives.
pub const REASON_CHARS_MAX: usize = 500;
/// Segments that share a key where they are encrypted: unless somebody says otherwise, and at the most.
pub const SEGMENTS_PER_KEY_DEFAULT: u32 = 10;
pub const SEGMENTS_PER_KEY_MAX: u32 = 10_000;
/// A segment is encrypted in memory, whole: some seconds of the best rung.
pub const ENCRYPTED_SEGMENT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Keys that one session fetches in a minute, and sessions that are counted: a player needs a key for some segments each.
pub const KEYS_PER_MINUTE_MAX: u32 = 120;
pub const KEY_COUNTS_MAX: usize = 16_384;

/// Presentations an edge keeps in memory: the index of a two-hour film is about half a megabyte.
pub const PRESENTATIONS_CACHED_MAX: usize = 256;
/// Facts about videos an edge keeps in memory.
pub const VIDEOS_CACHED_MAX: usize = 10_000;
/// Answers an edge keeps in memory, and the largest of them: a segment of some seconds, whole.
pub const KEPT_ANSWERS_BYTES_MAX: u64 = 256 * 1024 * 1024;
pub const KEPT_ANSWER_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// What is as large as this is sent from the file it lies in, where it lies in one; below it, one write is cheaper.
pub const SENT_FROM_FILE_BYTES_MIN: u64 = 64 * 1024;
/// Objects that are open to be sent from.
pub const OPEN_OBJECTS_MAX: usize = 256;
/// A body is read and judged anew in slices of this size; where it is sent from a file, in those of its object, as the system
/// takes more than that ahead of a slow reader anyway.
pub const BODY_SLICE_BYTES: usize = 256 * 1024;
/// The same over HTTP/2, where each of a connection's streams holds a slice until its reader takes it.
pub const STREAM_SLICE_BYTES: usize = 64 * 1024;

/// Characters of a signer's name for a viewer.
pub const VIEWER_CHARS_MAX: usize = 128;
/// The shortest session a project may ask for, in seconds.
pub const SESSION_SECONDS_MIN: u32 = 60;
/// Characters of a user agent that the owner of a video is shown.
pub const CLIENT_AGENT_CHARS_MAX: usize = 120;
/// Characters of a key's name.
pub const KEY_NAME_CHARS_MAX: usize = 200;
/// Bytes of a secret that a customer brings along.
pub const KEY_SECRET_BYTES_MAX: usize = 1_024;
/// Refusals a process remembers the causes of.
pub const REFUSALS_KEPT_MAX: usize = 10_000;
/// Decisions about newcomers that a process remembers, to judge them by other rules.
pub const DECISIONS_KEPT_MAX: usize = 10_000;
/// Bytes of what a newcomer says of itself, where it is to be remembered.
pub const ASKER_BYTES_MAX: usize = 1_024;
/// Videos of which it is looked up what they demand when rules are replayed.
pub const REPLAY_VIDEOS_MAX: usize = 1_000;
/// Changes that are told one by one when rules are replayed.
pub const REPLAY_EXAMPLES_MAX: usize = 20;
/// Letters and digits of a share link's code: 131 bits.
pub const LINK_CODE_CHARS: usize = 22;
/// Bytes of a token or a signed address that is read at all.
pub const TOKEN_BYTES_MAX: usize = 4_096;
/// Active signing keys of a project: each is tried on what a request shows.
pub const SIGNING_KEYS_MAX: u32 = 50;
/// How often a customer's JWK set is fetched anew, how often we look whose is due, how many at a time, and how large it
/// may be.
pub const JWKS_EVERY: Duration = Duration::from_mins(5);
pub const JWKS_LOOK_EVERY: Duration = Duration::from_secs(15);
pub const JWKS_FETCHES_MAX: usize = 2;
pub const JWKS_BYTES_MAX: u64 = 64 * 1_024;
/// Public keys of one signing key, as a JWK set lists them.
pub const PUBLIC_KEYS_MAX: usize = 16;
/// Bytes of the text they are given in: 16 of the largest keys, each with a certificate or two.
pub const PUBLIC_KEYS_BYTES_MAX: usize = 128 * 1024;
/// Bits of an RSA modulus: fewer can be broken, and more take a verifier long.
pub const RSA_BITS_MIN: usize = 2_048;
pub const RSA_BITS_MAX: usize = 8_192;
/// Bytes of a private key's text, as PEM or as base64 of it.
pub const PRIVATE_KEY_BYTES_MAX: usize = 16 * 1024;
/// Characters of a key's name in a token's header.
pub const KID_CHARS_MAX: usize = 64;
/// Bytes of a secret for HMAC-SHA256: as many as its tag has (RFC 7518 §3.2).
pub const HMAC_SECRET_BYTES_MIN: usize = 32;
/// Objects and arrays within each other, in a token's header and claims.
pub const TOKEN_JSON_DEPTH_MAX: usize = 4;
/// How far a signer's clock may be ahead of ours. No token is believed after its end, by any clock.
pub const TOKEN_CLOCK_SKEW: Duration = Duration::from_secs(30);
/// The longest life of a token.
pub const TOKEN_LIFETIME_MAX: Duration = Duration::from_hours(24);
/// The longest life of a token of Mux, whose own signer gives this where it is told nothing.
pub const MUX_TOKEN_LIFETIME_MAX: Duration = Duration::from_hours(7 * 24);
/// The last second of the year 9999: no later time is meant.
pub const TOKEN_SECS_MAX: i64 = 253_402_300_799;
/// Characters of a token's own name (`jti`).
pub const TOKEN_ID_CHARS_MAX: usize = 128;
/// Networks, domains or countries that one token may list.
pub const TOKEN_LIST_MAX: usize = 64;
/// Access rules of one token, as Cloudflare Stream bounds them.
pub const ACCESS_RULES_MAX: usize = 5;
/// Networks that these may come to: blocking one IPv4 address leaves 32, and each request is compared with all.
pub const ACCESS_NETWORKS_MAX: usize = 1_024;

/// Domains that one list of access rules names, and bytes of each (RFC 1035 §2.3.4).
pub const RULE_DOMAINS_MAX: usize = 20;
pub const DOMAIN_BYTES_MAX: usize = 253;
pub const DOMAIN_LABEL_BYTES_MAX: usize = 63;
/// Networks that one list of access rules names: every request of a viewer is compared with each.
pub const RULE_NETWORKS_MAX: usize = 100;
/// A database of countries is held in memory; the largest with nothing but countries have a tenth of this.
pub const COUNTRY_DATABASE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The most sessions that a rule may count.
pub const RULE_PLAYS_MAX: u32 = 1_000_000;
/// The most sessions that a rule may let watch at once: as many seats of one holder are looked at for one more.
pub const RULE_SEATS_MAX: u32 = 1_000;
/// Sessions whose seats an edge remembers; for any other it asks.
pub const SEATS_REMEMBERED_MAX: usize = 100_000;
/// Levels of a CBOR item. The deepest claim, an answer to give when another fails, has eight.
pub const CBOR_DEPTH_MAX: usize = 16;
/// Bytes of a CAT's own name (`cti`).
pub const CAT_ID_BYTES_MAX: usize = 64;
/// Bytes of a secret that customers bring along from elsewhere: fewer could be found by trial.
pub const FOREIGN_SECRET_BYTES_MIN: usize = 16;
/// How far ahead an address may end whose signature is a bare MD5 or SHA-1 of a secret: a day, since nobody should
/// hand out for long what may be forged one day.
pub const WEAK_URL_TTL_MAX: Duration = Duration::from_hours(24);

/// As large as CloudFront lets a function be.
pub const CLOUDFRONT_FUNCTION_BYTES_MAX: usize = 10 * 1_024;

/// An edge fetches and keeps objects in slices of this size: most segments are one or two of them.
pub const OBJECT_SLICE_BYTES: u64 = 1024 * 1024;
/// Memory an edge may fill with slices, unless the operator says otherwise; and the least that holds a few of them.
pub const EDGE_MEMORY_BYTES_DEFAULT: u64 = 256 * 1024 * 1024;
pub const EDGE_MEMORY_BYTES_MIN: u64 = 8 * 1024 * 1024;
/// Disk an edge of its own may fill with slices, unless the operator says otherwise.
pub const EDGE_DISK_BYTES_DEFAULT: u64 = 10 * 1024 * 1024 * 1024;
/// Slices that are fetched from an origin at one time: a storm of viewers must not become one of fetches.
pub const ORIGIN_FETCHES_MAX: usize = 64;
/// Slices on their way to the disk at one time: a slow disk costs memory no more than this many slices.
pub const SLICE_WRITES_MAX: usize = 32;

/// Control planes an edge may belong to.
pub const EDGE_ORIGINS_MAX: usize = 2;
/// How long an edge waits for a connection to a control plane, and for an answer. Viewers wait with it.
pub const EDGE_CONNECT: Duration = Duration::from_secs(2);
pub const EDGE_ASK: Duration = Duration::from_secs(5);
/// How long it waits for a slice of an object: at this rate a line of 1 Mbit/s is still enough.
pub const EDGE_FETCH: Duration = Duration::from_secs(15);
/// An answer of a control plane about a video: its rules and texts.
pub const EDGE_ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// A picture that is no part of a video: as large as a poster.
pub const PICTURE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// An event of the feed: a snapshot with half a million sessions.
pub const FEED_EVENT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The feed says something every half second. After this long without a word the line is dead.
pub const FEED_SILENCE_MAX: Duration = Duration::from_secs(2);
/// What is waited before the feed is asked for again: the first time, and at most.
pub const FEED_AGAIN_MIN: Duration = Duration::from_millis(100);
pub const FEED_AGAIN_MAX: Duration = Duration::from_secs(5);
/// How often an edge says what it judges by when nothing happens.
pub const EDGE_REPORT_EVERY: Duration = Duration::from_secs(1);
/// Bytes of a path below a video's folder at an origin that is not ours.
pub const FOREIGN_PATH_BYTES_MAX: usize = 512;
/// Answers of such an origin that are on their way at once.
pub const FOREIGN_FETCHES_MAX: usize = 4_096;
/// How long such an origin may say nothing, before its answer or in it: a playlist of low latency waits for its next part.
pub const FOREIGN_SILENCE_MAX: Duration = Duration::from_secs(30);
/// Refusals of an edge that wait to be told; the oldest give way.
pub const EDGE_REFUSALS_WAITING_MAX: usize = 1_024;
/// Refusals that an edge tells in one request, which must fit into [`JSON_BODY_BYTES_MAX`].
pub const EDGE_REFUSALS_TOLD_MAX: usize = 32;
/// Characters of what would have been right, where an edge tells it.
pub const EDGE_REFUSAL_CHARS_MAX: usize = 512;
/// Entries of the log that wait to be written down by an edge. When there are more, all it knows is written instead.
pub const EDGE_UNWRITTEN_MAX: usize = 4_096;
/// Entries an edge writes one after another before it writes all it knows anew.
pub const EDGE_LOG_ENTRIES_MAX: usize = 10_000;
