//! Varnish with a page of C.

use admit_domain::validators;

use crate::{
    front::{Front, Place},
    origin::Origin,
    trials,
    world::World,
};

fn start(world: &World) -> Option<Front> {
    let varnishd = Front::program(&["/usr/sbin/varnishd"])?;
    let (origin, place) = (Origin::start(), Place::new("varnish"));
    for page in world.pages(validators::Front::Varnish, place.path()) {
        place.write(page.name, &page.text);
    }
    let (folder, behind) = (place.path().to_owned(), origin.port);
    let vcl = format!(
        "vcl 4.1;
        include \"{folder}/admit.vcl\";
        backend origin {{ .host = \"127.0.0.1\"; .port = \"{behind}\"; }}
        sub vcl_recv {{ call admit_recv; }}\n"
    );
    let (file, listen) = (place.write("main.vcl", &vcl).display().to_string(), format!("127.0.0.1:{}", place.port));
    let home = format!("{folder}/home");
    let arguments = [
        "-F",
        "-j",
        "none",
        "-n",
        &home,
        "-a",
        &listen,
        "-f",
        &file,
        "-s",
        "malloc,16m",
        "-p",
        "vcc_allow_inline_c=on",
        "-p",
        "workspace_client=64k",
        "-p",
        "thread_pool_min=5",
    ];
    Some(Front::start(varnishd, &arguments, place, origin))
}

#[test]
fn varnish_judges_as_the_gate_does() {
    trials::pass(start);
}
