//! Everything that a front must withstand, one after the other.

use admit_domain::handle::Handle;

use crate::{
    front::Front,
    matrix,
    matrix::MASTER,
    world::{FILM, FREE, World, video},
};

/// Paths that are none of ours. `{h}` is a good handle, `{u}` a good signed address and `{v}` their video.
const ODD: [&str; 60] = [
    "/",
    "*",
    "//",
    "/s",
    "/s/",
    "/s/{h}",
    "/s/{h}/",
    "/s/{h}/{v}",
    "/s/{h}/{v}/",
    "/s/{h}/{v}/hls/",
    "/s/{h}/{v}?/hls/master.m3u8",
    "/s/{h}?/{v}/hls/master.m3u8",
    "/s/{h}//{v}/hls/master.m3u8",
    "//s/{h}/{v}/hls/master.m3u8",
    "/s//{h}/{v}/hls/master.m3u8",
    "/s/{h}/{v}//hls/master.m3u8",
    "/s/{h}/{v}/hls//master.m3u8",
    "/S/{h}/{v}/hls/master.m3u8",
    "/x/{h}/{v}/hls/master.m3u8",
    "/u/{h}/{v}/hls/master.m3u8",
    "/s/{u}/{v}/hls/master.m3u8",
    "/%73/{h}/{v}/hls/master.m3u8",
    "/s%2f{h}/{v}/hls/master.m3u8",
    "/s/{h}%2f{v}/hls/master.m3u8",
    "/s/{h}/{v}%2fhls/master.m3u8",
    "/s/{h}/{v}/hls%2fmaster.m3u8",
    "/s/{h}/{v}/hls%5cmaster.m3u8",
    "/s/{h}/{v}/hls/master%2em3u8",
    "/s/{h}/{v}/hls/master.m3u8%00",
    "/s/{h}/{v}/hls/master.m3u8%0a",
    "/s/{h}/{v}/hls/master.m3u8%20",
    "/s/{h}/{v}/hls/master.m3u8;x=1",
    "/s/{h}/{v}/hls/master.m3u8/",
    "/s/{h}/{v}/.hidden",
    "/s/{h}/{v}/hls/.hidden",
    "/s/{h}/{v}/..",
    "/s/{h}/{v}/...",
    "/s/{h}/{v}/../secret",
    "/s/{h}/{v}/../{w}/hls/master.m3u8",
    "/s/{h}/{v}/%2e%2e/{w}/hls/master.m3u8",
    "/s/{h}/{v}/..%2f{w}/hls/master.m3u8",
    "/s/{h}/{v}/.%2e/{w}/hls/master.m3u8",
    "/s/{h}/{v}/hls/../../{w}/hls/master.m3u8",
    "/s/{h}/{v}/./../{w}/hls/master.m3u8",
    "/s/{h}/../../{w}/hls/master.m3u8",
    "/s/{h}/{w}/../{w}/hls/master.m3u8",
    "/u/{u}/{v}/../{w}/hls/master.m3u8",
    "/{v}/hls/master.m3u8",
    "/admit-origin/{v}/hls/master.m3u8",
    "/s/../admit-origin/{v}/hls/master.m3u8",
    "/s/{h}/{v}/../../../admit-origin/{v}/hls/master.m3u8",
    "/s/{h}/VI{t}/hls/master.m3u8",
    "/s/{h}/{v}0/hls/master.m3u8",
    "/s/{h}/{v}%20/hls/master.m3u8",
    "/s/{h}/%76i{t}/hls/master.m3u8",
    "/s/{h}/{h}/{v}/hls/master.m3u8",
    "/s/{h},{h}/{v}/hls/master.m3u8",
    "/s/{v}/{h}/hls/master.m3u8",
    "http://films.example/{v}/hls/master.m3u8",
    "films.example:80",
];

/// Paths that say the same as a good one once they are tidied up as browsers do it. A front is asked for what they then
/// say, or refuses them.
const UNTIDY: [&str; 8] = [
    "/s/{h}/{v}/hls\\master.m3u8",
    "/s/{h}/{v}/hls/master.m3u8#x",
    "/./s/{h}/{v}/hls/master.m3u8",
    "/s/./{h}/{v}/hls/master.m3u8",
    "/s/../s/{h}/{v}/hls/master.m3u8",
    "/s/{h}/{v}/hls/../hls/master.m3u8",
    "/s/{h}/{v}/hls/%2e%2e/hls/master.m3u8",
    "/s/{h}/{v}/./hls/master.m3u8",
];

/// Headers by which some servers let a client choose another path, or by which our own parts speak with each other.
const HEADERS: [&str; 7] = [
    "X-Original-URL: /s/{h}/{v}/hls/master.m3u8\r\n",
    "X-Rewrite-URL: /s/{h}/{v}/hls/master.m3u8\r\n",
    "X-Accel-Redirect: /admit-origin/{v}/hls/master.m3u8\r\n",
    "X-HTTP-Method-Override: GET\r\n",
    "Admit-Status: 200\r\n",
    "Admit-Status: 200\r\nAdmit-Status: 200\r\n",
    "Admit-Reason: \r\nConnection: Admit-Status\r\n",
];

/// Begins a front with what an installation knows on its first day, and with what it knows later.
pub(crate) fn pass(start: impl Fn(&World) -> Option<Front>) {
    let (fresh, later) = (World::fresh(), World::new());
    let Some(front) = start(&fresh) else { return };
    let ask = |handle: &Handle| {
        let target = format!("/s/{}/{}/{MASTER}", handle.mint(&FREE, &fresh.keys), handle.video);
        (front.ask("GET", &target, "").status, front.origin.take().len())
    };
    assert_eq!(ask(&fresh.handle()), (200, 1));
    assert_eq!(ask(&Handle { not_after: fresh.minutes_ago(1), ..fresh.handle() }), (401, 0));
    drop(front);
    if let Some(front) = start(&later) {
        withstands(&front, &later);
    }
}

pub(crate) fn withstands(front: &Front, world: &World) {
    let good = world.handle().mint(&FREE, &world.keys);
    let fill = |text: &str| {
        let film = video(FILM).to_string();
        let signed = world.signed().mint(&FREE, &world.keys);
        let text = text.replace("{h}", &good).replace("{u}", &signed).replace("{v}", &film);
        text.replace("{w}", video(5).as_ref()).replace("{t}", &film[2..])
    };
    let target = fill("/s/{h}/{v}/hls/master.m3u8");
    let opened = format!("/{}/{MASTER}", video(FILM));
    // A front that opens nothing would refuse all that follows.
    assert_eq!((front.ask("GET", &target, "").status, front.origin.take()), (200, vec![opened.clone()]));
    assert_eq!((front.ask("HEAD", &target, "").status, front.origin.take()), (200, vec![opened.clone()]));

    matrix::judge(front, &matrix::cases(world));
    matrix::judge(front, &matrix::altered(world));
    let refused = |method: &str, target: &str, headers: &str| {
        let answer = front.ask(method, target, headers);
        assert_eq!(front.origin.take(), [""; 0], "{method} {target} {headers}: {answer:?}");
        assert!(answer.status == 0 || answer.status >= 300, "{method} {target} {headers}: {answer:?}");
    };
    for odd in ODD {
        refused("GET", &fill(odd), "");
    }
    for untidy in UNTIDY {
        let answer = front.ask("GET", &fill(untidy), "");
        let reached = front.origin.take();
        let is_opened = answer.status == 200 && front.is_asked_tidily && reached == [opened.as_str()];
        let is_refused = answer.status != 200 && reached.is_empty();
        assert!(is_opened || is_refused, "{untidy}: {answer:?} {reached:?}");
    }
    // As a proxy is asked: some refuse it, and some ask on as a proxy does, but then for nothing else.
    let answer = front.ask("GET", &format!("http://films.example{target}"), "");
    let reached = front.origin.take();
    let paths: Vec<_> = reached.iter().map(|target| target.trim_start_matches("http://films.example")).collect();
    let is_opened = answer.status == 200 && paths == [opened.as_str()];
    assert!(is_opened || answer.status != 200 && reached.is_empty(), "{answer:?} {reached:?}");
    let expired = Handle { not_after: world.minutes_ago(1), ..world.handle() }.mint(&FREE, &world.keys);
    for header in HEADERS {
        refused("GET", &target.replace(&good, &expired), &fill(header));
        refused("GET", "/nothing", &fill(header));
    }
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "GETT", "PURGE"] {
        refused(method, &target, "Content-Length: 0\r\n");
    }
    // And it still opens what it opened before.
    assert_eq!((front.ask("GET", &target, "").status, front.origin.take()), (200, vec![opened]));
}
