//! Validators for other servers, judged over HTTP: each server runs with what was written for it before an origin that
//! counts, and nothing but what our own gate would allow may reach the origin. A server that this machine does not have
//! is not asked, and the test says so.

mod fastly;
mod front;
mod haproxy;
mod matrix;
mod nginx;
mod node;
mod origin;
mod trials;
mod varnish;
mod world;
