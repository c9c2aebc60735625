//! Scripts for services that cannot be run here, in Node.js behind shims of what those services offer. What the services
//! do themselves, such as tidying up an address before a script sees it, is not tested by this.

use std::panic::{AssertUnwindSafe, catch_unwind};

use admit_domain::validators;

use crate::{
    front::{Front, Place},
    origin::Origin,
    trials,
    world::World,
};

const NODE: [&str; 3] =
    ["/usr/bin/node", "/usr/local/bin/node", concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/bin/node")];

/// `broken` puts something else in the place of a part of the script.
fn start(front: validators::Front, shim: &str, world: &World, broken: Option<(&str, &str)>) -> Option<Front> {
    let node = Front::program(&NODE)?;
    let (origin, place) = (Origin::start(), Place::new(front.as_str()));
    let pages = world.pages(front, "");
    for page in &pages {
        let text = match broken {
            Some((part, other)) => {
                assert!(page.text.contains(part), "it is written otherwise now: {part}");
                page.text.replace(part, other)
            }
            None => page.text.clone(),
        };
        place.write(page.name, &text);
    }
    // So that Node.js takes it for a module.
    place.write("package.json", "{ \"type\": \"module\" }\n");
    let shim = place.write("shim.mjs", shim).display().to_string();
    let script = place.folder.join(pages[0].name).display().to_string();
    let (port, behind) = (place.port.to_string(), format!("http://127.0.0.1:{}", origin.port));
    Some(Front::start(node, &[&shim, &script, &port, &behind], place, origin))
}

#[test]
fn a_cloudfront_function_judges_as_the_gate_does() {
    trials::pass(|world| start(validators::Front::Cloudfront, include_str!("cloudfront.mjs"), world, None));
}

#[test]
fn a_cloudflare_worker_judges_as_the_gate_does() {
    trials::pass(|world| {
        let mut front = start(validators::Front::Worker, include_str!("worker.mjs"), world, None)?;
        front.is_asked_tidily = true;
        Some(front)
    });
}

/// The trials see what they are for: a judge that leaves one thing out does not pass them.
#[test]
fn a_judge_that_overlooks_something_is_found_out() {
    let world = World::new();
    for (part, other) in [
        ("if (!same(mac, said.mac))", "if (false)"),
        ("if (said.end <= Math.floor(now))", "if (false)"),
        ("if (said.session && REVOKED.sessions[said.session])", "if (false)"),
        ("if (REVOKED.gone[said.video])", "if (false)"),
        ("if (!(said.flags & right))", "if (false)"),
        ("said.begun <= REVOKED.everything ||", "false ||"),
        ("|| said.begun <= REVOKED.until[said.video]", "|| false"),
        ("said.begun <= REVOKED.until", "said.begun < REVOKED.until"),
        ("(said.width !== 0 || said.flags > 7)", "(false)"),
        ("29}[AQgw])$", "30})$"),
        ("|| parts[3] === '0700'", ""),
        ("(0|[1-9][0-9]{0,11})", "([0-9]{1,12})"),
        ("if (method !== 'GET' && method !== 'HEAD')", "if (false)"),
        ("[A-Za-z0-9_~,=-][A-Za-z0-9._~,=-]*(?:", "[A-Za-z0-9_~,=-][%A-Za-z0-9._~,=-]*(?:"),
        ("[A-Za-z0-9_~,=-][A-Za-z0-9._~,=-]*(?:", "[A-Za-z0-9._~,=-]*(?:"),
    ] {
        let shim = include_str!("cloudfront.mjs");
        let Some(front) = start(validators::Front::Cloudfront, shim, &world, Some((part, other))) else { return };
        let trial = catch_unwind(AssertUnwindSafe(|| trials::withstands(&front, &world)));
        assert!(trial.is_err(), "nobody missed {part}");
    }
}
