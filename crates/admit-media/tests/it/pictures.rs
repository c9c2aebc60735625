//! Posters and storyboards.

use std::{fs::File, path::Path};

use admit_media::MediaError;

use crate::support::{Bench, ffprobe, tool};

fn size(picture: &Path) -> String {
    ffprobe("-show_entries stream=codec_name,width,height", picture).replace('\n', " ")
}

/// The average colour of a rectangle of a picture, as red, green and blue.
fn colour(picture: &Path, (x, y, width, height): (u32, u32, u32, u32)) -> [u8; 3] {
    let crop = format!("crop={width}:{height}:{x}:{y},scale=1:1:flags=area,format=rgb24");
    let answer = tool("ffmpeg", &format!("-v error -nostdin -i {} -vf {crop} -f rawvideo -", picture.display()), None);
    answer.stdout.try_into().expect("one pixel")
}

/// Four seconds black, then red, with a keyframe every second.
fn late_red(bench: &Bench) -> std::path::PathBuf {
    let film = "-f lavfi -i color=black:size=320x180:rate=10:duration=4 -f lavfi -i color=red:size=320x180:rate=10:duration=6 \
                -filter_complex [0][1]concat=n=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 10";
    bench.clip("film.mp4", film)
}

fn is_red([red, green, blue]: [u8; 3]) -> bool {
    red > 200 && green < 60 && blue < 60
}

#[tokio::test]
async fn a_poster_is_taken_where_it_is_wished() {
    let bench = Bench::new();
    let film = late_red(&bench);
    let source = bench.probe(&film).await.unwrap();
    let opened = File::open(&film).unwrap();
    for (at, red) in [(Some(1_000), false), (Some(7_000), true), (Some(99_999_999), true), (None, true)] {
        let poster = bench.toolbox.poster(&opened, &source, at, &bench.scratch()).await.unwrap().unwrap();
        assert_eq!(size(&poster), "mjpeg 320 180");
        assert_eq!(is_red(colour(&poster, (0, 0, 320, 180))), red, "at {at:?}");
    }
}

#[tokio::test]
async fn a_poster_is_upright_and_never_huge() {
    let bench = Bench::new();
    let large = bench.clip(
        "large.mp4",
        "-f lavfi -i testsrc2=size=1920x1080:rate=5:duration=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p",
    );
    let turned = bench.clip("turned.mp4", &format!("-i {} -c copy -metadata:s:v rotate=90", large.display()));
    let source = bench.probe(&turned).await.unwrap();
    let poster =
        bench.toolbox.poster(&File::open(&turned).unwrap(), &source, None, &bench.scratch()).await.unwrap().unwrap();
    assert_eq!(size(&poster), "mjpeg 720 1280");
}

#[tokio::test]
async fn a_storyboard_shows_each_stretch_in_its_place() {
    let bench = Bench::new();
    let film = late_red(&bench);
    let source = bench.probe(&film).await.unwrap();
    let (board, sheets) =
        bench.toolbox.storyboard(&File::open(&film).unwrap(), &source, &bench.scratch()).await.unwrap().unwrap();
    assert_eq!((board.tiles, board.interval_ms, sheets.len()), (5, 2_000, 1));
    assert_eq!(size(&sheets[0]), "mjpeg 800 450");
    let red: Vec<_> = (0..5).map(|tile| is_red(colour(&sheets[0], (tile * 160, 0, 160, 90)))).collect();
    assert_eq!(red, [false, false, true, true, true]);
}

#[tokio::test]
async fn a_film_of_one_keyframe_still_fills_its_sheets() {
    let bench = Bench::new();
    let film = bench.clip(
        "film.mp4",
        "-f lavfi -i color=red:size=64x64:rate=1:duration=60 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 999",
    );
    let source = bench.probe(&film).await.unwrap();
    let (board, sheets) =
        bench.toolbox.storyboard(&File::open(&film).unwrap(), &source, &bench.scratch()).await.unwrap().unwrap();
    assert_eq!((board.tiles, sheets.len()), (30, 2));
    assert!(is_red(colour(&sheets[1], (0, 0, 160, 160))));
}

#[tokio::test]
async fn sound_has_neither() {
    let bench = Bench::new();
    let film = bench.clip("sound.mp3", "-f lavfi -i sine=duration=2 -c:a libmp3lame");
    let source = bench.probe(&film).await.unwrap();
    let opened = File::open(&film).unwrap();
    assert!(matches!(bench.toolbox.poster(&opened, &source, None, &bench.scratch()).await, Ok(None)));
    assert!(matches!(bench.toolbox.storyboard(&opened, &source, &bench.scratch()).await, Ok(None)));
}

#[tokio::test]
async fn a_film_without_a_picture_to_show_says_so() {
    let bench = Bench::new();
    let film = late_red(&bench);
    let source = bench.probe(&film).await.unwrap();
    let text = bench.file("text", "no film at all");
    let failed = bench.toolbox.poster(&File::open(&text).unwrap(), &source, None, &bench.scratch()).await;
    assert!(matches!(failed, Err(MediaError::Failed { program: "ffmpeg", .. })), "{failed:?}");
}
