//! The whole way: a film is prepared, its playlists are rendered, laid out as the edge serves them, and played.

use std::{fs, path::Path};

use admit_domain::{
    playlist::{dash, hls},
    presentation::Presentation,
};

use crate::support::{Bench, Made, ffprobe, tool};

/// Lays a video's addresses out as files, cut from the track files as the edge cuts them.
fn lay_out(root: &Path, made: &Made) {
    let mut presentation = Presentation { duration_ms: made.source.duration_ms, ..Presentation::default() };
    made.tracks.iter().for_each(|track| presentation.put(track.clone()));
    let presentation = Presentation::decode(&presentation.encode()).unwrap();
    for folder in ["hls", "dash"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    fs::write(root.join("hls/master.m3u8"), hls::master(&presentation, [].iter(), "")).unwrap();
    fs::write(root.join("dash/manifest.mpd"), dash::manifest(&presentation, [].iter())).unwrap();
    for track in &presentation.tracks {
        let playlist = hls::media(&presentation, &track.name, None).unwrap();
        fs::write(root.join(format!("hls/{}.m3u8", track.name)), playlist).unwrap();
        let media = root.join(format!("media/{}", track.name));
        fs::create_dir_all(&media).unwrap();
        let bytes = fs::read(made.track(track.name.as_str()).1).unwrap();
        let cut = |offset: u64, len: u32| &bytes[usize::try_from(offset).unwrap()..][..len as usize];
        fs::write(media.join("init.mp4"), cut(track.init.offset, track.init.len)).unwrap();
        for (index, segment) in track.segments.iter().enumerate() {
            fs::write(media.join(format!("{index}.m4s")), cut(segment.offset, segment.len)).unwrap();
        }
    }
}

/// Plays an entry to the end; every complaint is a fault of ours. Returns how many pictures and sounds were there.
fn play(entry: &Path) -> (usize, usize) {
    let arguments = format!("-v error -nostdin -allowed_extensions ALL -i {} -map 0 -f null -", entry.display());
    let arguments =
        if entry.ends_with("manifest.mpd") { arguments.replace("-allowed_extensions ALL ", "") } else { arguments };
    let played = tool("ffmpeg", &arguments, None);
    let said = String::from_utf8_lossy(&played.stderr);
    // On a busy machine ffmpeg now and then hands its last picture over twice, and complains of itself. Whether two
    // of ours bear one time is looked at below, in the packets.
    let complaints = said.lines().filter(|line| !line.is_empty() && !line.contains("non monotonically increasing dts"));
    assert!(played.status.success() && complaints.count() == 0, "{said}");
    (packets("v", entry), packets("a", entry))
}

/// How many packets of that kind there are, each later than the one before.
fn packets(kind: &str, entry: &Path) -> usize {
    let shown = ffprobe(&format!("-select_streams {kind}:0 -show_entries packet=dts"), entry);
    let times: Vec<i64> =
        shown.lines().map(|line| line.parse().unwrap_or_else(|_| panic!("no time: {line:?}"))).collect();
    assert!(times.is_sorted_by(|earlier, later| earlier < later), "{}: {kind}: {times:?}", entry.display());
    times.len()
}

#[tokio::test]
async fn a_film_plays_from_either_manifest() {
    let bench = Bench::new();
    for (name, codecs, pictures, frames) in [
        ("copied.mp4", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -c:a aac", true, 225),
        ("encoded.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus", true, 225),
        ("sound.mp3", "-vn -c:a libmp3lame", false, 0),
    ] {
        let film = "-f lavfi -i testsrc2=size=320x240:rate=25:duration=9 -f lavfi -i sine=duration=9:sample_rate=48000";
        let made = bench.first_step(&bench.clip(name, &format!("{film} {codecs}"))).await;
        let root = bench.path(&format!("{name}-root"));
        lay_out(&root, &made);
        for entry in ["hls/master.m3u8", "dash/manifest.mpd"] {
            let (video, audio) = play(&root.join(entry));
            assert_eq!(video, if pictures { frames } else { 0 }, "{name} from {entry}");
            assert!((420..=430).contains(&audio), "{name} from {entry}: {audio} packets of sound");
        }
    }
}
