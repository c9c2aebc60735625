//! Uploads that try to make the encoder open something else: another customer's film, a neighbour file, an address.
//!
//! The theft is real: with every layer taken off, the first three attacks deliver the victim's pictures. That is the
//! control; each layer must be enough for the others to be missed.

use std::{
    fs::{self, File},
    io::ErrorKind,
    net::TcpListener,
    path::{Path, PathBuf},
};

use admit_domain::{
    ladder::{plan, plan_without_copy},
    source::{Chroma, FrameRate, SourceFacts, Unsupported, VideoCodec, VideoFacts},
};
use admit_media::{MediaError, jail::Layer};

use crate::support::{Bench, frames};

/// Bytes of the victim's film that no other film has; a copy of its pictures contains them.
const CANARY_BYTES: usize = 64;

pub(crate) struct Victim {
    pub(crate) path: PathBuf,
    canary: Vec<u8>,
}

impl Victim {
    fn of(bench: &Bench) -> Self {
        Self::encoded(bench, "-c:v libx264 -qp 10 -pix_fmt yuv420p -movflags +faststart")
    }

    pub(crate) fn encoded(bench: &Bench, how: &str) -> Self {
        fs::create_dir(bench.path("victim")).unwrap();
        let noise = "-f lavfi -i nullsrc=size=64x64:rate=25:duration=2,geq=random(1)*255:128:128";
        let path = bench.clip("victim/master.mp4", &format!("{noise} {how}"));
        let bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        Self { path, canary: bytes[middle..middle + CANARY_BYTES].to_vec() }
    }

    /// Whether anything that was put out into `folder` contains the victim's pictures.
    pub(crate) fn is_in(&self, folder: &Path) -> bool {
        let has_canary = |bytes: Vec<u8>| bytes.windows(CANARY_BYTES).any(|window| window == self.canary);
        outputs(folder).into_iter().any(|output| has_canary(fs::read(output).unwrap()))
    }
}

/// Where the descriptor is taken away, the program finds the upload under this name.
pub(crate) const UPLOAD: &str = "input.mp4";
/// Another film in the same folder, for attacks that reach only so far.
pub(crate) const NEIGHBOUR: &str = "neighbour.mp4";

pub(crate) fn outputs(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| ![UPLOAD, NEIGHBOUR].iter().any(|input| path.ends_with(input))).collect()
}

/// What a hostile file would have to be taken for, to come past the probe.
fn pretended() -> SourceFacts {
    let video = VideoFacts {
        codec: VideoCodec::H264,
        width: 64,
        height: 64,
        frame_rate: FrameRate::new(25, 1),
        constant_frame_rate: true,
        bit_depth: 8,
        chroma: Chroma::Yuv420,
        bits_per_second: 1_000,
        rotated: false,
        square_pixels: true,
        interlaced: false,
        high_dynamic_range: false,
        longest_gop_ms: 2_000,
        starts_late_ms: 0,
        complete_timestamps: true,
    };
    SourceFacts { size_bytes: 1_000_000, duration_ms: 2_000, container: "mov".into(), video: Some(video), audio: None }
}

/// Runs everything the product would do with an upload, as if each step before had been fooled.
///
/// Returns what the probe said, and the folders that each step wrote into.
pub(crate) async fn attack(
    bench: &Bench,
    victim: &Victim,
    upload: &Path,
) -> (Result<SourceFacts, MediaError>, Vec<PathBuf>) {
    let file = File::open(upload).unwrap();
    let scratch = || {
        let scratch = bench.scratch();
        fs::copy(upload, scratch.join(UPLOAD)).unwrap();
        // The same file under a second name, so that whoever watches it sees it opened by either.
        fs::hard_link(&victim.path, scratch.join(NEIGHBOUR)).unwrap();
        scratch
    };
    let probed = bench.toolbox.probe(&file, &scratch()).await;
    let source = pretended();
    let folders = [scratch(), scratch(), scratch()];
    for (plan, folder) in [plan(&source), plan_without_copy(&source)].into_iter().zip(&folders) {
        let _ = bench.toolbox.make(&file, &source, &plan.unwrap().steps[0], folder, &mut |_| {}).await;
    }
    let _ = bench.toolbox.poster(&file, &source, None, &folders[2]).await;
    (probed, folders.into())
}

fn hls(line: &str) -> String {
    format!(
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:2.0,\n{line}\n#EXT-X-ENDLIST\n"
    )
}

#[derive(Clone, Copy, Debug)]
enum Theft {
    /// M01: a playlist that names the victim's file by address.
    Address,
    /// M02: the same by its plain path.
    Path,
    /// M06: a list of files that names one beside it. It reaches no further than its own folder.
    Neighbour,
}

const THEFTS: [Theft; 3] = [Theft::Address, Theft::Path, Theft::Neighbour];

/// Whether the copy that comes out of the attack is the victim's.
async fn succeeds(theft: Theft, removed: &[Layer]) -> bool {
    let bench = Bench::without(removed);
    let victim = Victim::of(&bench);
    let body = match theft {
        Theft::Address => hls(&format!("file://{}", victim.path.display())),
        Theft::Path => hls(&victim.path.display().to_string()),
        Theft::Neighbour => format!("ffconcat version 1.0\nfile {NEIGHBOUR}\n"),
    };
    let (_, folders) = attack(&bench, &victim, &bench.file("upload", body)).await;
    let stolen = folders[0].join("vsource.mp4");
    let seen = victim.is_in(&folders[0]);
    assert!(!seen || frames(&stolen) == frames(&victim.path), "a theft delivers the very pictures");
    seen
}

fn all_but(kept: &[Layer]) -> Vec<Layer> {
    Layer::ALL.into_iter().filter(|layer| !kept.contains(layer)).collect()
}

#[tokio::test]
async fn m01_the_theft_is_real_where_nothing_is_in_its_way() {
    for theft in THEFTS {
        assert!(succeeds(theft, &Layer::ALL).await, "{theft:?} must steal here, or the tests below prove nothing");
    }
}

#[tokio::test]
async fn m01_m02_m06_nobody_can_have_anothers_film() {
    for theft in THEFTS {
        assert!(!succeeds(theft, &[]).await, "{theft:?}");
    }
}

#[tokio::test]
async fn m10_each_layer_can_be_missed() {
    for layer in Layer::ALL {
        for theft in THEFTS {
            assert!(!succeeds(theft, &[layer]).await, "{theft:?} without {layer:?}");
        }
    }
}

#[tokio::test]
async fn m10_one_layer_is_enough() {
    for (theft, alone) in [
        (Theft::Address, Layer::Formats),
        (Theft::Address, Layer::Landlock),
        (Theft::Path, Layer::Formats),
        (Theft::Path, Layer::Landlock),
        (Theft::Neighbour, Layer::Formats),
        (Theft::Neighbour, Layer::Descriptor),
    ] {
        assert!(!succeeds(theft, &all_but(&[alone])).await, "{theft:?} with {alone:?} alone");
    }
}

/// M02 to M07 and M09: every grammar that can name another file, in every disguise we know of.
fn disguises(victim: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let path = victim.display().to_string();
    let url = format!("file://{path}");
    let playlist = hls(&url);
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(playlist.encode_utf16().flat_map(u16::to_le_bytes));
    let id3 = [b"ID3\x03\x00\x00\x00\x00\x00\x0a0123456789".as_slice(), playlist.as_bytes()].concat();
    let tag = |tag: &str| hls("x.ts").replace("#EXT-X-MEDIA-SEQUENCE:0", tag).into_bytes();
    let text = |text: String| text.into_bytes();
    let mut all = vec![
        ("M02 parent folder", text(hls("../victim/master.mp4"))),
        ("M02 byte order mark", utf16),
        ("M02 behind a music tag", id3),
        ("M02 behind blank lines", text(format!("\n\n{playlist}"))),
        ("M03 key", tag(&format!("#EXT-X-KEY:METHOD=AES-128,URI=\"{url}\""))),
        ("M03 map", tag(&format!("#EXT-X-MAP:URI=\"{url}\""))),
        ("M03 session data", tag(&format!("#EXT-X-SESSION-DATA:DATA-ID=\"a\",URI=\"{url}\""))),
        ("M03 i-frames", text(format!("#EXTM3U\n#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI=\"{url}\"\n"))),
        ("M03 alternative sound", text(format!("#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"a\",URI=\"{url}\"\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO=\"a\"\n{url}\n"))),
        ("M06 list with absolute path", text(format!("ffconcat version 1.0\nfile {path}\n"))),
        ("M07 dash", text(format!("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" mediaPresentationDuration=\"PT2S\"><Period><AdaptationSet mimeType=\"video/mp4\"><Representation id=\"0\" bandwidth=\"1\"><BaseURL>{url}</BaseURL></Representation></AdaptationSet></Period></MPD>"))),
        ("M07 sdp", text("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n".into())),
        ("M07 pls", text(format!("[playlist]\nFile1={url}\nNumberOfEntries=1\nVersion=2\n"))),
        ("M07 asx", text(format!("<asx version=\"3.0\"><entry><ref href=\"{url}\"/></entry></asx>"))),
        ("M07 xspf", text(format!("<?xml version=\"1.0\"?><playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\"><trackList><track><location>{url}</location></track></trackList></playlist>"))),
        ("M07 smil", text(format!("<smil><body><video src=\"{url}\"/></body></smil>"))),
        ("M07 svg", text(format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\"><image href=\"{url}\" width=\"64\" height=\"64\"/></svg>"))),
        ("M07 stream address", text(format!("{url}\n"))),
        ("M07 imf", text(format!("<?xml version=\"1.0\"?><CompositionPlaylist xmlns=\"http://www.smpte-ra.org/schemas/2067-3/2016\"><Asset><Path>{path}</Path></Asset></CompositionPlaylist>"))),
        ("M09 page", text("<html><script>alert(1)</script></html>".into())),
    ];
    for wrapper in [
        "concat:",
        "subfile,,start,0,end,0,,:",
        "crypto:",
        "cache:",
        "async:",
        "data:",
        "pipe:",
        "fd:",
        "tee:",
        "lavfi:movie=",
    ] {
        all.push(("M05 wrapped address", text(hls(&format!("{wrapper}{path}")))));
    }
    all
}

#[tokio::test]
async fn m02_to_m09_no_disguise_is_taken_for_a_film() {
    let bench = Bench::new();
    let victim = Victim::of(&bench);
    for (what, bytes) in disguises(&victim.path) {
        let (probed, folders) = attack(&bench, &victim, &bench.file("upload", bytes)).await;
        assert!(matches!(probed, Err(MediaError::Unsupported(Unsupported::Unreadable))), "{what}: {probed:?}");
        let left: Vec<_> = folders.iter().flat_map(|folder| outputs(folder)).collect();
        assert!(left.is_empty(), "{what} left {left:?}");
    }
}

#[tokio::test]
async fn m04_no_address_is_ever_called() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let layers = Layer::ALL.iter().map(|layer| vec![*layer]).chain([vec![]]);
    for removed in layers {
        let bench = Bench::without(&removed);
        for scheme in ["http", "https", "tcp", "rtmp", "ftp", "gopher", "rtsp", "icecast"] {
            let upload = bench.file("upload", hls(&format!("{scheme}://127.0.0.1:{port}/x.ts")));
            let _ = bench.toolbox.probe(&File::open(&upload).unwrap(), &bench.scratch()).await;
            // A connection would be waiting by now: the program has ended.
            assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "{scheme} without {removed:?}");
        }
    }
}

#[tokio::test]
async fn m09_a_film_with_a_playlist_behind_it_is_only_a_film() {
    let bench = Bench::new();
    let victim = Victim::of(&bench);
    let honest =
        bench.clip("honest.mp4", "-f lavfi -i testsrc2=size=64x64:rate=25:duration=2 -c:v libx264 -pix_fmt yuv420p");
    let both = [fs::read(honest).unwrap(), hls(&format!("file://{}", victim.path.display())).into_bytes()].concat();
    let made = bench.first_step(&bench.file("both.mp4", both)).await;
    assert!(!victim.is_in(&made.scratch));
    assert_eq!(made.source.container, "mov,mp4,m4a,3gp,3g2,mj2");
}

#[tokio::test]
async fn m14_attachments_and_words_are_left_behind() {
    let bench = Bench::new();
    let font = bench.file("font.ttf", "attached-bytes");
    let words = bench.file("words.srt", "1\n00:00:00,000 --> 00:00:01,000\nspoken-words\n");
    let film = bench.clip(
        "film.mkv",
        &format!(
            "-f lavfi -i testsrc2=size=64x64:rate=25:duration=2 -i {} -map 0 -map 1 -c:v libx264 -pix_fmt yuv420p -c:s srt \
             -attach {} -metadata:s:t mimetype=font/ttf -metadata:s:t filename=../../../escaped",
            words.display(),
            font.display()
        ),
    );
    let made = bench.first_step(&film).await;
    let left: Vec<_> = fs::read_dir(&made.scratch).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["vsource.mp4"]);
    let bytes = fs::read(made.track("vsource").1).unwrap();
    for foreign in ["attached-bytes", "spoken-words"] {
        assert!(!bytes.windows(foreign.len()).any(|window| window == foreign.as_bytes()), "{foreign}");
    }
}
