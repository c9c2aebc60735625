//! Films are cut and marked: looked at through their pixels and listened to at their edges.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use admit_domain::{
    edit::{Clip, Remake},
    image::Image,
    ladder,
    placement::{Extent, Length, Opacity, Placement},
    source::Unsupported,
    timecode::Timecode,
};
use admit_media::MediaError;

use crate::support::{Bench, ffprobe, tool};

fn clip(start: &str, end: &str) -> Clip {
    Clip { start: Timecode::parse(start), end: Timecode::parse(end) }
}

impl Bench {
    async fn edit(&self, film: &Path, clip: Option<Clip>, mark: Option<(Placement, &Path)>) -> PathBuf {
        self.try_edit(film, clip, mark).await.unwrap()
    }

    async fn try_edit(
        &self,
        film: &Path,
        clip: Option<Clip>,
        mark: Option<(Placement, &Path)>,
    ) -> Result<PathBuf, MediaError> {
        let source = self.probe(film).await?;
        let bytes = mark.map_or(Vec::new(), |(_, image)| fs::read(image).unwrap());
        let mark = mark.map(|(place, _)| (place, Image::read(&bytes).unwrap()));
        let remake = Remake::plan(&source, clip, mark)?;
        let edited = self.toolbox.edit(&File::open(film).unwrap(), &source, &remake, &bytes, &self.scratch()).await?;
        let found = self.probe(&edited).await?;
        let plan = ladder::plan(&found).unwrap();
        assert!(plan.first().unwrap().is_remux(), "what was edited is not encoded again to be watched: {found:?}");
        Ok(edited)
    }
}

/// One picture of a film, as players show it.
struct Picture {
    width: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// Counted from the first.
    fn of(film: &Path, picture: u32) -> Self {
        let size = ffprobe("-select_streams v:0 -show_entries stream=width,height", film);
        let (width, height) = size.split_once('\n').unwrap();
        let (width, height): (usize, usize) = (width.parse().unwrap(), height.parse().unwrap());
        let matrix = if height < 720 { "bt601" } else { "bt709" };
        let look = format!("select=eq(n\\,{picture}),scale=in_color_matrix={matrix},format=rgb24");
        let arguments = format!("-v error -nostdin -i {} -vf {look} -frames:v 1 -f rawvideo -", film.display());
        let pixels = tool("ffmpeg", &arguments, None).stdout;
        assert_eq!(pixels.len(), width * height * 3);
        Self { width, pixels }
    }

    fn at(&self, (x, y): (usize, usize)) -> [u8; 3] {
        *self.pixels[(y * self.width + x) * 3..].first_chunk().unwrap()
    }
}

fn is_near(seen: [u8; 3], wanted: [u8; 3]) -> bool {
    seen.iter().zip(wanted).all(|(seen, wanted)| seen.abs_diff(wanted) < 24)
}

/// How bright each picture is.
fn brightness(film: &Path) -> Vec<u8> {
    let look = "scale=1:1:flags=area,format=gray";
    tool("ffmpeg", &format!("-v error -nostdin -i {} -vf {look} -f rawvideo -", film.display()), None).stdout
}

fn pictures(film: &Path) -> usize {
    ffprobe("-select_streams v:0 -count_packets -show_entries stream=nb_read_packets", film).parse().unwrap()
}

/// When the first sample that can be heard comes, in milliseconds; the clips below are silent before it.
fn first_sound_ms(film: &Path) -> u32 {
    let arguments = format!("-v error -nostdin -i {} -map 0:a:0 -ac 1 -ar 48000 -f s16le -", film.display());
    let samples = tool("ffmpeg", &arguments, None).stdout;
    let loud = samples.chunks_exact(2).position(|pair| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs() > 2_000);
    u32::try_from(loud.expect("a sound") / 48).unwrap()
}

/// Six seconds at 25 pictures a second, black and silent to 3.0 s, white and loud from there on.
fn flash_and_beep(bench: &Bench, name: &str, how: &str) -> PathBuf {
    let film = "-f lavfi -i color=black:size=320x180:rate=25:duration=6 \
                -f lavfi -i aevalsrc=0.5*gte(t\\,3)*sin(2*PI*1000*t):s=48000:d=6 \
                -vf drawbox=color=white:t=fill:enable=gte(t\\,2.99)";
    bench.clip(name, &format!("{film} {how}"))
}

const H264: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -c:a aac";

#[tokio::test]
async fn a_clip_has_the_pictures_and_the_sound_of_its_stretch() {
    let bench = Bench::new();
    for (name, how) in [
        ("film.mp4", H264),
        ("film.ts", H264),
        ("film.mkv", "-c:v libx264 -preset ultrafast -bf 3 -pix_fmt yuv420p -g 1000 -c:a libopus"),
        ("film.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -g 60 -c:a libvorbis"),
    ] {
        let film = flash_and_beep(&bench, name, how);
        let edited = bench.edit(&film, Some(clip("00:00:02.2", "00:00:04.2")), None).await;
        let shown = brightness(&edited);
        assert!(shown.len().abs_diff(50) <= 1, "{name}: {} pictures", shown.len());
        // The flash is at 3.0 − 2.2 = 0.8 s, the twentieth picture; and the beep is with it.
        let white = u32::try_from(shown.iter().position(|seen| *seen > 128).unwrap()).unwrap();
        assert!(white.abs_diff(20) <= 1, "{name}: white from picture {white} on");
        let beep = first_sound_ms(&edited);
        assert!(beep.abs_diff(white * 40) <= 60, "{name}: picture and sound are apart, {white} and {beep} ms");
    }
}

#[tokio::test]
async fn a_clip_ends_with_its_film_and_must_not_begin_behind_it() {
    let bench = Bench::new();
    let film = flash_and_beep(&bench, "film.mp4", H264);
    assert!(pictures(&bench.edit(&film, Some(clip("4", "99:00:00")), None).await).abs_diff(50) <= 1);
    assert!(pictures(&bench.edit(&film, Some(clip("", "00:00:01:5")), None).await).abs_diff(30) <= 1);
    let refused = bench.try_edit(&film, Some(clip("7", "")), None).await;
    assert!(matches!(refused, Err(MediaError::Unsupported(Unsupported::EmptyClip))), "{refused:?}");
}

#[tokio::test]
async fn a_mark_is_where_it_was_wished_on_every_picture_and_nowhere_else() {
    let bench = Bench::new();
    let film = bench.clip(
        "film.mp4",
        &format!("-f lavfi -i color=blue:size=640x360:rate=10:duration=2 -f lavfi -i sine=duration=2 {H264}"),
    );
    let jpeg = bench.clip("mark.jpg", "-f lavfi -i color=red:size=100x50 -frames:v 1 -pix_fmt yuvj420p -q:v 2");
    let png = bench.clip("mark.png", "-f lavfi -i color=red:size=100x50 -frames:v 1 -pix_fmt rgba");
    for (image, opacity, expected) in [
        (&jpeg, "100%", [255, 0, 0]),
        (&png, "100%", [255, 0, 0]),
        (&png, "50%", [128, 0, 128]),
        (&png, "0%", [0, 0, 255]),
    ] {
        let place = Placement {
            bottom: Length::parse("20px"),
            right: Length::parse("10%"),
            width: Extent::parse("200px"),
            opacity: Opacity::parse(opacity).unwrap(),
            ..Placement::default()
        };
        let edited = bench.edit(&film, None, Some((place, image))).await;
        assert_eq!(pictures(&edited), 20);
        // 200 × 100 pixels at (640 − 200 − 64, 360 − 100 − 20).
        for number in [0, 19] {
            let picture = Picture::of(&edited, number);
            for inside in [(380, 244), (571, 335), (470, 290)] {
                let seen = picture.at(inside);
                assert!(is_near(seen, expected), "{}, {opacity}: {seen:?} at {inside:?}", image.display());
            }
            for outside in [(0, 0), (370, 290), (582, 290), (470, 234), (470, 346)] {
                let seen = picture.at(outside);
                assert!(is_near(seen, [0, 0, 255]), "{opacity}: {seen:?} at {outside:?}");
            }
        }
        let sound = "-select_streams a -show_entries packet=data_hash -show_data_hash md5";
        assert_eq!(ffprobe(sound, &edited), ffprobe(sound, &film), "the sound is the one that was sent");
    }
}

#[tokio::test]
async fn a_mark_keeps_its_colour_in_high_definition() {
    let bench = Bench::new();
    let film = bench.clip("film.mp4", &format!("-f lavfi -i testsrc2=size=1280x720:rate=5:duration=1 {H264}"));
    for (name, expected) in [("0xe02060", [224, 32, 96]), ("0x20c040", [32, 192, 64])] {
        let mark = bench.clip("mark.png", &format!("-f lavfi -i color={name}:size=64x64,format=rgb24 -frames:v 1"));
        let edited = bench.edit(&film, None, Some((Placement::default(), &mark))).await;
        let seen = Picture::of(&edited, 2).at((32, 32));
        assert!(seen.iter().zip(expected).all(|(seen, wanted)| seen.abs_diff(wanted) < 8), "{name}: {seen:?}");
    }
}

#[tokio::test]
async fn turned_and_silent_films_are_cut_and_marked_upright() {
    let bench = Bench::new();
    let lying = bench.clip(
        "lying.mp4",
        "-f lavfi -i color=blue:size=320x180:rate=25:duration=3 -c:v libx264 -preset ultrafast -pix_fmt yuv420p",
    );
    let turned = bench.clip("turned.mp4", &format!("-i {} -c copy -metadata:s:v rotate=90", lying.display()));
    let mark = bench.clip("mark.png", "-f lavfi -i color=red:size=40x40 -frames:v 1");
    let place = Placement { left: Length::parse("0px"), bottom: Length::parse("0px"), ..Placement::default() };
    let edited = bench.edit(&turned, Some(clip("1", "2")), Some((place, &mark))).await;
    assert_eq!(ffprobe("-show_entries stream=codec_type,width,height", &edited), "video\n180\n320");
    assert_eq!(pictures(&edited), 25);
    let picture = Picture::of(&edited, 0);
    assert!(is_near(picture.at((10, 300)), [255, 0, 0]), "in the lower left as it is seen");
    assert!(is_near(picture.at((160, 10)), [0, 0, 255]));
}

#[tokio::test]
async fn sound_alone_is_cut_and_not_marked() {
    let bench = Bench::new();
    let sound = bench.clip("sound.mp3", "-f lavfi -i sine=duration=6 -c:a libmp3lame");
    let mark = bench.clip("mark.png", "-f lavfi -i color=red:size=40x40 -frames:v 1");
    let edited = bench.edit(&sound, Some(clip("1", "3")), Some((Placement::default(), &mark))).await;
    let found = bench.probe(&edited).await.unwrap();
    assert_eq!(found.video, None);
    assert!(found.duration_ms.abs_diff(2_000) < 50, "{} ms", found.duration_ms);
}

/// What calls itself an image is only ever read as that image: a playlist behind its first bytes opens nothing.
#[tokio::test]
async fn an_image_that_is_none_fails_and_no_film_comes_of_it() {
    let bench = Bench::new();
    let film = flash_and_beep(&bench, "film.mp4", H264);
    let secret = bench.clip("secret.png", "-f lavfi -i color=red:size=40x40 -frames:v 1");
    let head = &fs::read(&secret).unwrap()[..33];
    let listing = format!("\nffconcat version 1.0\nfile {}\n", secret.display());
    let liar = bench.file("liar.png", [head, listing.as_bytes()].concat());
    let failed = bench.try_edit(&film, None, Some((Placement::default(), &liar))).await;
    assert!(matches!(failed, Err(MediaError::Failed { .. } | MediaError::Unexpected { .. })), "{failed:?}");
}
