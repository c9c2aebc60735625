//! What is shown to every front, and what must come of it.

use admit_domain::{
    bound::Bound,
    handle::{Handle, Rights},
    id::VideoId,
    key::DeliveryKeys,
    signed::Signed,
    verdict::Denial,
};

use crate::{
    front::Front,
    world::{CUT, ENDED_SESSION, FILM, FREE, GONE, World, everything_bound, key, previous, session, video},
};

/// One request.
pub(crate) struct Case {
    pub(crate) what: String,
    pub(crate) target: String,
    pub(crate) expect: Expect,
}

pub(crate) enum Expect {
    /// The origin is asked for this target.
    Opens(String),
    Refused(Denial),
}

pub(crate) const MASTER: &str = "hls/master.m3u8";

fn address(role: &str, text: &str, video: &VideoId, asset: &str) -> String {
    format!("/{role}/{text}/{video}/{asset}")
}

/// Every case but altered texts and odd paths.
pub(crate) fn cases(world: &World) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut case =
        |what: &str, target: String, expect: Expect| cases.push(Case { what: what.to_owned(), target, expect });
    let film = video(FILM);
    for (role, minted) in shown(world, Rights::ALL) {
        let opens = |asset: &str| Expect::Opens(format!("/{film}/{asset}"));
        for asset in [
            MASTER,
            "media/v720/init.mp4",
            "media/v720/12.m4s",
            "mp4/source.mp4",
            "thumbnail.jpg",
            "storyboard.vtt",
            "captions/fr-BE.vtt",
            "keys/3",
            "a~b/c,d=e/x_0-1.ts",
        ] {
            case("all rights", address(role, &minted, &film, asset), opens(asset));
        }
        let query = format!("{MASTER}?_HLS_msn=7&_HLS_part=1");
        case("a query goes on", address(role, &minted, &film, &query), opens(&query));
        let query = format!("{MASTER}?/../%2e%2e/?x");
        case("a query is not a path", address(role, &minted, &film, &query), opens(&query));
        let other = if role == "s" { Denial::OtherVideo } else { Denial::ForgedSignature };
        case("another video", address(role, &minted, &video(9), MASTER), Expect::Refused(other));
    }
    let rights = [
        (Rights::WATCH, "media/v720/12.m4s"),
        (Rights::PICTURES, "storyboard/0.jpg"),
        (Rights::DOWNLOAD, "mp4/source.mp4"),
        (Rights::DOWNLOAD, "film.M3U8"),
        (Rights::WATCH, "a/keys/12"),
        (Rights::DOWNLOAD, "akeys/12"),
        (Rights::DOWNLOAD, "keys/12a"),
        (Rights::WATCH, "init.mp4"),
        (Rights::WATCH, "video_init.mp4"),
        (Rights::DOWNLOAD, "myinit.mp4"),
        (Rights::PICTURES, "a/storyboard.vtt"),
        (Rights::WATCH, "astoryboard.vtt"),
    ];
    for (wanted, asset) in rights {
        for given in [Rights::WATCH, Rights::PICTURES, Rights::DOWNLOAD, Rights::WATCH.or(Rights::PICTURES)] {
            for (role, minted) in shown(world, given) {
                let allowed = Expect::Opens(format!("/{film}/{asset}"));
                let expect = if given.allows(wanted) { allowed } else { Expect::Refused(Denial::MissingRight) };
                case("some rights", address(role, &minted, &film, asset), expect);
            }
        }
    }
    cases.extend(of_handles(world));
    cases.extend(of_signatures(world));
    cases
}

/// A handle and a signed address with these rights.
fn shown(world: &World, rights: Rights) -> [(&'static str, String); 2] {
    let handle = Handle { rights, ..world.handle() }.mint(&FREE, &world.keys);
    let signed = Signed { rights, ..world.signed() }.mint(&FREE, &world.keys);
    [("s", handle), ("u", signed)]
}

fn of_handles(world: &World) -> Vec<Case> {
    let good = world.handle();
    let foreign = |id, seed| DeliveryKeys::new(key(id, seed), None);
    let mut all = vec![
        ("the key before", good.mint(&FREE, &previous()), FILM, None),
        ("a key that is not in the ring", good.mint(&FREE, &foreign(3, 3)), FILM, Some(Denial::UnknownDeliveryKey)),
        ("somebody else's key", good.mint(&FREE, &foreign(200, 1)), FILM, Some(Denial::ForgedHandle)),
        ("nothing", String::new(), FILM, Some(Denial::MalformedHandle)),
    ];
    let now = world.now;
    for (what, handle, expect) in [
        ("expired", Handle { not_after: world.minutes_ago(1), ..good }, Some(Denial::SessionExpired)),
        ("ends now", Handle { not_after: now, ..good }, Some(Denial::SessionExpired)),
        ("far future", Handle { not_after: now.plus(std::time::Duration::from_secs(1 << 37)), ..good }, None),
        ("ended", Handle { session: session(ENDED_SESSION), ..good }, Some(Denial::SessionEnded)),
        ("gone", Handle { video: video(GONE), ..good }, Some(Denial::VideoGone)),
        (
            "begun before the cut",
            Handle { video: video(CUT), begun_at: world.minutes_ago(31), ..good },
            Some(Denial::SessionEnded),
        ),
        (
            "begun at the cut",
            Handle { video: video(CUT), begun_at: world.minutes_ago(30), ..good },
            Some(Denial::SessionEnded),
        ),
        ("begun after the cut", Handle { video: video(CUT), begun_at: world.minutes_ago(29), ..good }, None),
        ("another video's cut", Handle { begun_at: world.minutes_ago(31), ..good }, None),
        ("begun before all was cut", Handle { begun_at: world.minutes_ago(61), ..good }, Some(Denial::SessionEnded)),
        ("begun when all was cut", Handle { begun_at: world.minutes_ago(60), ..good }, Some(Denial::SessionEnded)),
        ("no rights", Handle { rights: Rights::NONE, ..good }, Some(Denial::MissingRight)),
    ] {
        let of = [FILM, GONE, CUT].into_iter().find(|seed| video(*seed) == handle.video).unwrap_or(FILM);
        all.push((what, handle.mint(&FREE, &world.keys), of, expect));
    }
    for bound in everything_bound() {
        // Even where the values under the MAC are what a front that knows none would take for them.
        let handle = Handle { bound, ..good }.mint(&FREE, &world.keys);
        all.push(("bound", handle, FILM, Some(Denial::BoundElsewhere)));
    }
    all.into_iter().map(|(what, text, of, denied)| judged(what, "s", &text, of, denied)).collect()
}

fn of_signatures(world: &World) -> Vec<Case> {
    let good = world.signed();
    let foreign = |id, seed| DeliveryKeys::new(key(id, seed), None);
    let text = good.mint(&FREE, &world.keys);
    let malformed = Some(Denial::MalformedSignature);
    let mut all = vec![
        ("the key before", good.mint(&FREE, &previous()), FILM, None),
        ("a key that is not in the ring", good.mint(&FREE, &foreign(3, 3)), FILM, Some(Denial::UnknownDeliveryKey)),
        ("somebody else's key", good.mint(&FREE, &foreign(200, 1)), FILM, Some(Denial::ForgedSignature)),
        ("nothing", String::new(), FILM, malformed),
        ("a zero before", format!("0{text}"), FILM, malformed),
        ("rights that go without saying", text.replace(".200.", ".200-0700."), FILM, malformed),
        ("rights that mean nothing", text.replace(".200.", ".200-2700."), FILM, malformed),
        ("a width that means nothing", text.replace(".200.", ".200-01a3."), FILM, malformed),
        ("capitals", text.replace(".200.", ".200-070A."), FILM, malformed),
        ("a zero before the key", text.replace(".200.", ".0200."), FILM, malformed),
        ("a key too large", text.replace(".200.", ".256."), FILM, malformed),
        ("too late", format!("253402300800.{}", text.split_once('.').map_or("", |(_, rest)| rest)), FILM, malformed),
        ("handles are none", world.handle().mint(&FREE, &world.keys), FILM, malformed),
    ];
    let ended = Some(Denial::CredentialRevoked);
    for (what, signed, expect) in [
        ("expired", Signed { not_after: world.minutes_ago(1), ..good }, Some(Denial::SignatureExpired)),
        ("ends now", Signed { not_after: world.now, ..good }, Some(Denial::SignatureExpired)),
        ("gone", Signed { video: video(GONE), ..good }, Some(Denial::VideoGone)),
        ("signed at the cut", Signed { video: video(CUT), signed_at: world.minutes_ago(30), ..good }, ended),
        ("signed after the cut", Signed { video: video(CUT), signed_at: world.minutes_ago(29), ..good }, None),
        ("signed before all was cut", Signed { signed_at: world.minutes_ago(61), ..good }, ended),
    ] {
        let of = [FILM, GONE, CUT].into_iter().find(|seed| video(*seed) == signed.video).unwrap_or(FILM);
        all.push((what, signed.mint(&FREE, &world.keys), of, expect));
    }
    for bound in everything_bound() {
        let signed = Signed { bound, ..good }.mint(&FREE, &world.keys);
        all.push(("bound", signed, FILM, Some(Denial::BoundElsewhere)));
    }
    all.into_iter().map(|(what, text, of, denied)| judged(what, "u", &text, of, denied)).collect()
}

fn judged(what: &str, role: &str, text: &str, of: u8, denied: Option<Denial>) -> Case {
    let video = video(of);
    let expect = denied.map_or_else(|| Expect::Opens(format!("/{video}/{MASTER}")), Expect::Refused);
    Case { what: format!("{role}: {what}"), target: address(role, text, &video, MASTER), expect }
}

/// Every letter of a handle and of a signed address altered in several ways, and what our own reader says to each.
pub(crate) fn altered(world: &World) -> Vec<Case> {
    let film = video(FILM);
    let mut cases = Vec::new();
    for (role, good) in shown(world, Rights::ALL).into_iter().chain(shown(world, Rights::WATCH)) {
        for at in 0..good.len() {
            let letter = char::from(good.as_bytes()[at]);
            let others = [next(letter, 1), next(letter, 16), next(letter, 32), '=', '+', '.', '~', '%'];
            let mut texts: Vec<String> =
                others.iter().map(|other| format!("{}{other}{}", &good[..at], &good[at + 1..])).collect();
            texts.push(format!("{}{}", &good[..at], &good[at + 1..]));
            texts.push(format!("{}A{}", &good[..at], &good[at..]));
            texts.push(format!("{}%{:02x}{}", &good[..at], good.as_bytes()[at], &good[at + 1..]));
            texts.retain(|text| *text != good);
            for text in texts {
                let read = if role == "s" {
                    Handle::read(&text, &film, |_: &Bound| None, &world.keys).map(drop)
                } else {
                    Signed::read(&text, &film, |_: &Bound| None, &world.keys).map(drop)
                };
                let denial = read.expect_err("no altered text is read");
                let target = address(role, &text, &film, MASTER);
                cases.push(Case { what: format!("{role}: letter {at}"), target, expect: Expect::Refused(denial) });
            }
        }
        for more in ["=", "==", "A", "AAAA", ".", "%20", "%00", "~"] {
            let denial = if role == "s" { Denial::MalformedHandle } else { Denial::MalformedSignature };
            let target = address(role, &format!("{good}{more}"), &film, MASTER);
            cases.push(Case { what: format!("{role}: and more"), target, expect: Expect::Refused(denial) });
        }
    }
    cases
}

/// The letter so many places on in base64url.
fn next(letter: char, steps: usize) -> char {
    const ALL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let at = ALL.iter().position(|other| char::from(*other) == letter).unwrap_or(0);
    char::from(ALL[(at + steps) % ALL.len()])
}

/// Shows all of it to a front.
pub(crate) fn judge(front: &Front, cases: &[Case]) {
    for Case { what, target, expect } in cases {
        let answer = front.ask("GET", target, "");
        let reached = front.origin.take();
        match expect {
            Expect::Opens(wanted) => {
                assert_eq!((answer.status, &reached[..]), (200, &[wanted.clone()][..]), "{what}: {target}: {answer:?}");
            }
            Expect::Refused(denial) => {
                assert_eq!(reached, [""; 0], "{what}: {target}: {answer:?}");
                // What is no escape at all some servers refuse before anybody is asked.
                if target.contains('%') && answer.status == 400 {
                    continue;
                }
                let told = (answer.status, answer.reason.as_deref(), answer.is_kept);
                assert_eq!(told, (denial.status(), Some(denial.code()), false), "{what}: {target}");
            }
        }
    }
}
