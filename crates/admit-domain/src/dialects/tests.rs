//! What holds for every dialect of signed addresses, whatever was signed: it opens one video, and no forgery opens any.

use proptest::{prelude::*, sample::Index};

use super::{
    trial::{NOW, key, shown, signer, target, wish},
    *,
};

const SECRET: &[u8] = b"00112233445566778899aabbccddeeff";

/// Those that sign with a shared secret, and addresses rather than tokens.
fn signing() -> Vec<Dialect> {
    let is_token =
        |name: &str| ["admit", "moviie", "mux", "cloudflare-stream", "cat", "cloudfront", "template"].contains(&name);
    let named = Dialect::ALL_NAMES.into_iter().filter(|name| !is_token(name));
    named.map(|name| Dialect::parse(name).unwrap()).collect()
}

/// The asset is not the business of these, nor is that of those that sign a directory.
fn covers_assets(dialect: &Dialect) -> bool {
    !["signed-url", "gcore", "wowza-v2", "bunny-embed"].contains(&dialect.to_string().as_str())
}

fn opens(key: &SigningKey, target: &str, video: &VideoId) -> bool {
    matches!(Dialect::read(key, &shown(target), video, NOW), Some(Ok(_)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_048))]

    #[test]
    fn an_address_opens_its_video_and_no_forgery_opens_any(
        dialect in prop::sample::select(signing()),
        video in any::<[u8; 22]>().prop_map(VideoId::from_random),
        other in any::<[u8; 22]>().prop_map(VideoId::from_random),
        file in "[a-z]{1,8}\\.(m3u8|mp4|jpg)",
        // Some clocks know minutes only.
        minutes in 2_i64..1_400,
        at in any::<Index>(),
        byte in any::<u8>().prop_map(|byte| char::from(byte & 0x7f)),
    ) {
        prop_assume!(video != other);
        let path = format!("/vod/{video}/{file}");
        let expires_at = Timestamp::from_secs(NOW.as_secs() + minutes * 60);
        let wish = Wish { video, expires_at, ..wish(&path) };
        let minted = dialect.mint(&wish, &signer(SECRET), &SystemRandom::new()).unwrap();
        let address = target(&path, &minted);
        let key = key(dialect.clone(), SECRET);
        prop_assert!(opens(&key, &address, &video), "{address}");
        prop_assert!(!opens(&key, &address, &other), "{address}");
        prop_assert!(!opens(&key, &address.replace(video.as_str(), other.as_str()), &other), "{address}");

        let mut forged: Vec<char> = address.chars().collect();
        let at = at.index(forged.len());
        forged[at] = byte;
        let forged: String = forged.into_iter().collect();
        let path = address.split('?').next().unwrap_or_default();
        let is_asset = at < path.len() && !covers_assets(&dialect);
        if forged != address && !is_asset {
            prop_assert!(!opens(&key, &forged, &video), "{forged}");
        }
        // Whatever the forgery names, it is not opened.
        if let Some(named) = forged.split('/').find_map(|part| part.parse::<VideoId>().ok()).filter(|named| *named != video) {
            prop_assert!(!opens(&key, &forged, &named), "{forged}");
        }
    }

    #[test]
    fn nothing_that_is_shown_makes_a_reader_stumble(
        dialect in prop::sample::select(signing()),
        path in "/(vod|bcdn_token=|videos|embed)?[/a-z0-9=&~.%_-]{0,40}",
        query in "((token|expires|sig|kid|md5|S|E|P|policy|signature|hdnts|auth_key|verify|wowzatokenhash)=[ -~]{0,40}&?){0,6}",
    ) {
        let video = VideoId::from_random([1; 22]);
        let target = format!("{path}?{query}");
        prop_assert!(!opens(&key(dialect, SECRET), &target, &video));
    }
}
