//! `admit edge-config`: a validator for another server, from the installation's own keys and log.

use std::io::{self, Write as _};

use super::{args::EdgeConfig, failure::Failure};
use crate::{config, edge_config};

const WARNING: &str = "warning: this holds the delivery keys; whoever reads it can let anybody in
warning: what is revoked from now on reaches that server only when this is written anew, and loaded there";

pub(super) async fn run(wish: EdgeConfig) -> Result<(), Failure> {
    let installed = wish.installed.as_deref().unwrap_or_else(|| wish.front.usual_folder());
    let pages = edge_config::pages(&config::load(wish.settings.into())?, wish.front, installed).await?;
    let mut out = io::stdout().lock();
    match &wish.out {
        Some(folder) => {
            edge_config::put(&pages, folder)?;
            for page in &pages {
                writeln!(out, "{}", folder.join(page.name).display())?;
            }
        }
        None if pages.len() == 1 => pages.iter().try_for_each(|page| write!(out, "{}", page.text))?,
        None => pages.iter().try_for_each(|page| write!(out, "==> {} <==\n{}", page.name, page.text))?,
    }
    // With standard error closed there is nobody left to warn.
    let _ = writeln!(io::stderr(), "{WARNING}");
    Ok(())
}
