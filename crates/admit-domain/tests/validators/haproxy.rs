//! HAProxy with its own rules and nothing else.

use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
};

use admit_domain::validators;

use crate::{
    front::{Front, Place},
    matrix::MASTER,
    origin::Origin,
    trials,
    world::{FILM, FREE, World, session, video},
};

/// Where its runtime socket lies in its folder.
const SOCKET: &str = "socket";

fn start(world: &World) -> Option<(Front, String)> {
    let haproxy = Front::program(&["/usr/sbin/haproxy"])?;
    let (origin, place) = (Origin::start(), Place::new("haproxy"));
    for page in world.pages(validators::Front::Haproxy, place.path()) {
        place.write(page.name, &page.text);
    }
    let (port, behind, folder) = (place.port, origin.port, place.path().to_owned());
    let configuration = format!(
        "global
            stats socket {folder}/{SOCKET} level admin
        defaults base
            mode http
            timeout connect 5s
            timeout client 30s
            timeout server 30s
        frontend public from base
            bind 127.0.0.1:{port}
            default_backend films
        backend films from admit
            server origin 127.0.0.1:{behind}
"
    );
    place.write("haproxy.cfg", &configuration);
    Some((Front::start(haproxy, &["-db", "-f", "admit.cfg", "-f", "haproxy.cfg"], place, origin), folder))
}

#[test]
fn haproxy_judges_as_the_gate_does() {
    trials::pass(|world| start(world).map(|(front, _)| front));
}

#[test]
fn haproxy_hears_of_a_revocation_by_its_socket() {
    let world = World::new();
    let Some((front, folder)) = start(&world) else { return };
    let tell = |command: &str| {
        let mut socket = UnixStream::connect(format!("{folder}/{SOCKET}")).expect("a socket");
        socket.write_all(format!("{command}\n").as_bytes()).expect("HAProxy reads");
        let mut said = String::new();
        socket.read_to_string(&mut said).expect("HAProxy answers");
        assert_eq!(said.trim(), "", "{command}");
    };
    let handle = format!("/s/{}/{}/{MASTER}", world.handle().mint(&FREE, &world.keys), video(FILM));
    let signed = format!("/u/{}/{}/{MASTER}", world.signed().mint(&FREE, &world.keys), video(FILM));
    let said = |target: &str| (front.ask("GET", target, "").status, front.origin.take().len());
    assert_eq!((said(&handle), said(&signed)), ((200, 1), (200, 1)));
    tell(&format!("add acl {folder}/admit-sessions.lst {}", session(7)));
    assert_eq!((said(&handle), said(&signed)), ((410, 0), (200, 1)));
    tell(&format!("del acl {folder}/admit-sessions.lst {}", session(7)));
    assert_eq!((said(&handle), said(&signed)), ((200, 1), (200, 1)));
    tell(&format!("add map {folder}/admit-until.map {} {}", video(FILM), world.minutes_ago(0).as_millis()));
    assert_eq!((said(&handle), said(&signed)), ((410, 0), (401, 0)));
    tell(&format!("del map {folder}/admit-until.map {}", video(FILM)));
    assert_eq!((said(&handle), said(&signed)), ((200, 1), (200, 1)));
    tell(&format!("add acl {folder}/admit-gone.lst {}", video(FILM)));
    assert_eq!((said(&handle), said(&signed)), ((410, 0), (410, 0)));
}
