//! Subcommands: what each is called, and where the program's own end is: one printer of errors, three exit codes.

mod args;
mod dialect;
mod edge_config;
mod edge_token;
mod explain;
mod failure;
mod key_file;
mod keys;
mod output;
mod progress;
mod resume;
mod server;
mod sign;
mod upload;
mod video;

use std::process::ExitCode;

use clap::Parser as _;

use self::{
    args::{Args, Command, EdgeTokenCommand, KeyCommand, VideoCommand, credentials::DialectCommand},
    failure::Failure,
    output::Output,
};

/// The hidden first argument with which we start ourselves to confine a media program.
pub const JAIL: &str = "jail";

/// Runs the program: 0 when it did what was asked, 1 when it could not, 2 when it was asked wrongly.
pub fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1).peekable();
    // The jail comes before everything: it can only be entered while there is one thread.
    if args.next_if(|first| first == JAIL).is_some() {
        return admit_media::jail::enter(args);
    }
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(usage) => {
            // With standard error closed there is nobody left to tell.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    // One provider for the whole binary; libraries that look for "the" provider find this one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.print(),
    }
}

fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Serve(serve) => server::serve(serve.settings.into()),
        Command::Edge(mut edge) => {
            let join = edge.join.take();
            server::edge(edge.into(), join)
        }
        Command::ApiKey(group) => {
            let output = Output::new(group.json);
            block_on(async {
                match group.command {
                    KeyCommand::Create { name, scopes, settings } => {
                        keys::create(settings.into(), &name, &scopes, &output).await
                    }
                    KeyCommand::List { settings } => keys::list(settings.into(), &output).await,
                    KeyCommand::Revoke { id, settings } => keys::revoke(settings.into(), &id, &output).await,
                }
            })
        }
        Command::EdgeToken(group) => {
            let output = Output::new(group.json);
            block_on(async {
                match group.command {
                    EdgeTokenCommand::Create { settings } => edge_token::create(settings.into(), &output).await,
                }
            })
        }
        Command::Sign(sign) => sign::run(&sign),
        Command::Dialect(group) => {
            let output = Output::new(group.json);
            match group.command {
                DialectCommand::List => dialect::list(output),
                DialectCommand::Test(test) => dialect::test(&test, output),
            }
        }
        Command::EdgeConfig(wish) => block_on(edge_config::run(wish)),
        Command::Explain(explain) => block_on(async {
            let client = explain.server.client()?;
            explain::run(&client, explain.question, Output::new(explain.json)).await
        }),
        Command::Video(group) => {
            let output = Output::new(group.json);
            block_on(async {
                let client = group.server.client()?;
                match group.command {
                    VideoCommand::Upload(file) => upload::run(&client, &file, &output).await,
                    VideoCommand::List { page, page_size } => video::list(&client, page, page_size, &output).await,
                    VideoCommand::Show { id } => video::show(&client, &id, &output).await,
                    VideoCommand::Rm { id } => video::remove(&client, &id, &output).await,
                }
            })
        }
    }
}

/// A command that is not a server needs one thread.
fn block_on(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(command)
}
