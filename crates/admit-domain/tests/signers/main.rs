//! Other people's libraries: what they sign is read here, and what is signed here they read. They are run where
//! `ADMIT_TEST_SIGNERS` names the folder that scripts/signers.sh prints; elsewhere each test says that it was skipped.

mod akamai;
mod cat;
mod cloudfront;
mod jwt;
mod library;
mod manual;
mod mux;
mod nginx;
mod request;
mod snippets;
