//! Who is recognised, from what programs really send.

use super::*;

#[test]
fn programs_are_known_by_what_they_send() {
    let gecko = "AppleWebKit/537.36 (KHTML, like Gecko)";
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    let windows = format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {gecko}");
    for (agent, expected) in [
        (format!("{windows} Chrome/124.0.0.0 Safari/537.36"), Agent::Chrome),
        (format!("{iphone} CriOS/124.0.6367.88 Mobile/15E148 Safari/604.1"), Agent::Chrome),
        (format!("{windows} Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.51"), Agent::Edge),
        (format!("{iphone} Version/17.0 EdgiOS/124.0.2478.50 Mobile/15E148 Safari/604.1"), Agent::Edge),
        (format!("{windows} Chrome/123.0.0.0 Safari/537.36 OPR/109.0.0.0"), Agent::Opera),
        (
            format!(
                "Mozilla/5.0 (Linux; Android 14; SM-S918B) {gecko} SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36"
            ),
            Agent::SamsungInternet,
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0".to_owned(), Agent::Firefox),
        (format!("{iphone} FxiOS/125.0 Mobile/15E148 Safari/605.1.15"), Agent::Firefox),
        (format!("{iphone} Version/17.4 Mobile/15E148 Safari/604.1"), Agent::Safari),
        (
            "AppleCoreMedia/1.0.0.21E236 (iPhone; U; CPU OS 17_4_1 like Mac OS X; en_us)".to_owned(),
            Agent::AppleCoreMedia,
        ),
        ("MyApp/1.0 (Linux;Android 13) ExoPlayerLib/2.18.1".to_owned(), Agent::ExoPlayer),
        ("MyApp/1.0 (Linux;Android 14) AndroidXMedia3/1.3.0".to_owned(), Agent::ExoPlayer),
        ("VLC/3.0.20 LibVLC/3.0.20".to_owned(), Agent::Vlc),
        ("curl/8.5.0".to_owned(), Agent::Curl),
        ("Lavf/60.16.100".to_owned(), Agent::Ffmpeg),
        (String::new(), Agent::Other),
        ("python-requests/2.31.0".to_owned(), Agent::Other),
        ("curl".to_owned(), Agent::Other),
        ("libcurl/8.5.0".to_owned(), Agent::Other),
        ("CURL/8.5.0".to_owned(), Agent::Other),
    ] {
        assert_eq!(Agent::of(&agent), expected, "{agent}");
    }
}

#[test]
fn families_have_distinct_names() {
    for agent in Agent::ALL {
        assert_eq!(agent.as_str().parse(), Ok(agent));
        assert!(BadAgent.to_string().contains(agent.as_str()), "{agent} is not offered");
        let is_reachable = agent == Agent::Other || PRODUCTS.iter().any(|(_, known)| *known == agent);
        assert!(is_reachable, "{agent} is never recognised");
    }
    for wrong in ["", "Chrome", "samsung", "any"] {
        assert_eq!(wrong.parse::<Agent>(), Err(BadAgent));
    }
}
