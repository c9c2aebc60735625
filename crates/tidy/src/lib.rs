//! No code, only tests: the rules of the house that the compiler cannot know. `cargo test -p tidy` asks them all.
//! Each rule is a pure function from text to complaints, with one test on the house and one that plants an offence.
#![cfg(test)]

mod circles;
mod dependencies;
mod doors;
mod first_lines;
mod house;
mod leftovers;
mod licences;
mod map;
mod migrations;
mod paths;
mod rooms;
mod sizes;
mod sleeps;
mod snapshots;
mod text;
