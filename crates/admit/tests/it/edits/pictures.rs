//! What there is to be seen in a film, a picture or any object in storage, in words.

use std::collections::BTreeSet;

use crate::house::{House, command};

/// Of each picture its main colour and, where it has one, that of the mark in its upper left corner: `blue green`.
/// Nothing where there is no picture.
pub(super) async fn sight_of(address: &str) -> Vec<String> {
    sight_within(address, "").await
}

async fn sight_within(address: &str, cut: &str) -> Vec<String> {
    let corner = look(address, &format!("{cut}crop=6:6:2:2,scale=1:1:flags=area")).await;
    let rest = look(address, &format!("{cut}crop=iw/4:ih/4:iw/2:ih/2,scale=1:1:flags=area")).await;
    let words = rest.iter().zip(corner).map(|(rest, corner)| match (colour(*rest), colour(corner)) {
        (film, corner) if film == corner => film.to_owned(),
        (film, mark) => format!("{film} {mark}"),
    });
    words.collect()
}

async fn look(address: &str, how: &str) -> Vec<[u8; 3]> {
    let arguments = format!("-v error -nostdin -i {address} -map 0:v:0 -vf {how},format=rgb24 -f rawvideo -");
    let seen = command("ffmpeg").args(arguments.split(' ')).output().await.unwrap().stdout;
    seen.as_chunks().0.to_vec()
}

fn colour([red, green, blue]: [u8; 3]) -> &'static str {
    match (red > 90, green > 90, blue > 90) {
        (true, false, false) => "red",
        (false, true, false) => "green",
        (false, false, true) => "blue",
        _ => "something else",
    }
}

/// Every picture of every object in storage is one of these, each of these is there, and nothing waits to be edited.
pub(super) async fn expect_nothing_but(house: &House, sights: &[&str]) {
    assert_eq!(house.stored("uploads"), [""; 0], "what was sent is not kept beside what it became");
    let mut seen = BTreeSet::new();
    let mut with_pictures = 0;
    for object in house.stored("videos") {
        let path = house.data().join("objects/videos").join(&object);
        // A sheet of the storyboard holds many pictures: its first is looked at.
        let cut = if object.contains("/storyboard-") { "crop=160:90:0:0," } else { "" };
        let sight = sight_within(path.to_str().unwrap(), cut).await;
        with_pictures += usize::from(!sight.is_empty());
        for sight in &sight {
            assert!(sights.contains(&sight.as_str()), "{object} shows {sight}, of {sights:?}");
        }
        seen.extend(sight);
    }
    assert!(with_pictures >= 5, "a source, a track, a whole film, a poster and a sheet: {with_pictures}");
    assert_eq!(seen.iter().map(String::as_str).collect::<BTreeSet<_>>(), sights.iter().copied().collect());
}
