//! Files and programs that would take the machine down: every one ends, in time, with a reason.

use std::{fs, path::Path, time::Duration};

use admit_domain::source::Unsupported;
use admit_media::MediaError;

use crate::support::{Bench, box_of};

#[tokio::test]
async fn m16_pictures_too_large_to_hold_are_refused_unseen() {
    let bench = Bench::new();
    let huge = bench.clip("huge.avi", "-f lavfi -i color=red:size=8200x8200:rate=1:duration=1 -c:v mjpeg");
    assert_eq!(bench.refusal(&huge).await, Unsupported::TooManyPixels);
    let ribbon = bench.clip("ribbon.avi", "-f lavfi -i color=red:size=32000x16:rate=1:duration=1 -c:v mjpeg");
    assert_eq!(bench.refusal(&ribbon).await, Unsupported::TooManyPixels);
}

#[tokio::test]
async fn m17_a_crowd_of_streams_is_refused() {
    let bench = Bench::new();
    let crowd = format!("-f lavfi -i sine=duration=1 {}-c:a pcm_s16le", "-map 0 ".repeat(40));
    assert_eq!(bench.refusal(&bench.clip("crowd.mkv", &crowd)).await, Unsupported::TooManyStreams);
}

#[tokio::test]
async fn m17_boxes_that_lie_about_themselves_are_refused() {
    let bench = Bench::new();
    let head = box_of(*b"ftyp", b"isom\0\0\0\0isom");
    let nested = (0..10_000).fold(Vec::new(), |inner, _| box_of(*b"moov", &inner));
    let table = box_of(*b"stts", &[[0; 4], 1_000_000_u32.to_be_bytes(), [0; 4]].concat());
    let deep_table =
        [*b"stbl", *b"minf", *b"mdia", *b"trak", *b"moov"].into_iter().fold(table, |inner, name| box_of(name, &inner));
    let endless = [[0, 0, 0, 1].as_slice(), b"moov", &(1_u64 << 63).to_be_bytes()].concat();
    for (what, body) in [
        ("nested", nested),
        ("a table without its million entries", deep_table),
        ("size zero", [[0; 4], *b"moov"].concat()),
        ("size one", [[0, 0, 0, 1], *b"moov"].concat()),
        ("size 2^63", endless),
        ("size two", [[0, 0, 0, 2], *b"moov"].concat()),
    ] {
        let refused = bench.probe(&bench.file("bomb.mp4", [head.clone(), body].concat())).await;
        assert!(matches!(refused, Err(MediaError::Unsupported(_))), "{what}: {refused:?}");
    }
}

#[tokio::test]
async fn m18_a_length_is_measured_and_not_believed() {
    let bench = Bench::new();
    let film =
        bench.clip("film.mp4", "-f lavfi -i testsrc2=size=64x64:rate=25:duration=2 -c:v libx264 -pix_fmt yuv420p");
    let mut bytes = fs::read(film).unwrap();
    for name in [b"mvhd", b"mdhd", b"tkhd"] {
        let at = bytes.windows(4).position(|window| window == name).unwrap();
        // The length follows version, two dates and, in a track's header, a number and a gap.
        let length = at + if name == b"tkhd" { 24 } else { 20 };
        bytes[length..length + 4].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
    }
    let facts = bench.probe(&bench.file("long.mp4", bytes)).await.unwrap();
    assert_eq!(facts.duration_ms, 2_000);

    let slow = bench
        .clip("slow.mkv", "-f lavfi -i testsrc2=size=64x64:rate=1/30000:duration=90000 -c:v libx264 -pix_fmt yuv420p");
    assert_eq!(bench.refusal(&slow).await, Unsupported::TooLong);
}

#[tokio::test]
async fn m19_a_clock_that_jumps_does_not_pad_for_ever() {
    let bench = Bench::new();
    let jumps = "-f lavfi -i testsrc2=size=64x64:rate=25:duration=2 -vf setpts=PTS+gt(N\\,20)*300/TB -fps_mode vfr -c:v libvpx -deadline realtime";
    let film = bench.clip("jumps.webm", jumps);
    let source = bench.probe(&film).await.unwrap();
    assert!(source.duration_ms > 290_000, "{}", source.duration_ms);
    let made = bench.first_step(&film).await;
    let longest = made.tracks[0].segments.iter().map(|segment| u64::from(segment.duration)).sum::<u64>();
    assert!(longest <= (source.duration_ms / 1_000 + 2) * u64::from(made.tracks[0].timescale));
}

#[tokio::test]
async fn m22_decoders_we_do_not_run_are_refused() {
    let bench = Bench::new();
    let pictures = "-f lavfi -i testsrc2=size=64x64:rate=5:duration=1";
    for codec in ["magicyuv", "huffyuv", "ffv1", "zmbv", "snow -strict -2", "asv1", "cinepak", "utvideo"] {
        let film = bench.clip("film.avi", &format!("{pictures} -c:v {codec}"));
        assert_eq!(bench.refusal(&film).await, Unsupported::VideoCodec, "{codec}");
    }
    for codec in ["png", "qtrle", "hap", "gif"] {
        let film = bench.clip("film.mov", &format!("{pictures} -c:v {codec}"));
        assert_eq!(bench.refusal(&film).await, Unsupported::VideoCodec, "{codec}");
    }
    for codec in ["wavpack", "tta", "dca -strict -2"] {
        let film = bench.clip("film.mkv", &format!("-f lavfi -i sine=duration=1 -ac 2 -c:a {codec}"));
        assert_eq!(bench.refusal(&film).await, Unsupported::AudioCodec, "{codec}");
    }
}

async fn run(bench: &Bench) -> MediaError {
    bench.probe(&bench.file("upload", "anything")).await.unwrap_err()
}

#[tokio::test]
async fn m23_a_crash_is_reported_as_one() {
    let error = run(&Bench::scripted("use POSIX; POSIX::abort();")).await;
    assert!(error.to_string().contains("SIGABRT"), "{error}");
    assert!(!error.is_final(), "a crash may be the machine's fault");
}

#[tokio::test]
async fn m23_success_without_a_result_is_none() {
    let error = run(&Bench::scripted("exit 0;")).await;
    assert!(matches!(error, MediaError::Unsupported(Unsupported::Unreadable)), "{error:?}");
}

#[tokio::test]
async fn m23_a_program_that_hangs_is_stopped_with_all_it_started() {
    let mut bench = Bench::scripted("open(F, '>', 'started'); close(F); sleep(3600);");
    bench.toolbox = bench.toolbox.clone().with_longest_run(Duration::from_secs(1));
    let error = run(&bench).await;
    assert!(matches!(error, MediaError::TimedOut { .. }), "{error:?}");
    assert!(bench.path("scratch0/started").exists(), "it had begun");
    assert_eq!(processes_in(&bench.path("scratch0")), 0, "and it is gone");
}

#[tokio::test]
async fn m23_a_run_that_is_given_up_leaves_nothing_behind() {
    let bench = Bench::scripted("$| = 1; while (1) { print \"line\\n\"; }");
    let upload = bench.file("upload", "anything");
    let given_up = tokio::time::timeout(Duration::from_millis(500), bench.probe(&upload)).await;
    assert!(given_up.is_err());
    // The kill has been sent; the kernel needs a moment to carry it out.
    let gone = async {
        while processes_in(&bench.path("scratch0")) > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.expect("nothing is left running");
}

#[tokio::test]
async fn m23_however_much_it_complains_only_the_end_is_kept() {
    let bench = Bench::scripted("print STDERR 'x' x 1000000 for 1..50; print STDERR 'the reason'; exit 200;");
    let error = bench.toolbox.check(&bench.scratch()).await.unwrap_err();
    let MediaError::Failed { stderr_tail, .. } = error else { panic!("{error:?}") };
    assert!(stderr_tail.ends_with("the reason") && stderr_tail.len() <= 64 * 1024);
}

#[tokio::test]
async fn m40_a_program_that_lacks_something_is_noticed_at_once() {
    let bench = Bench::new();
    assert!(bench.toolbox.check(&bench.scratch()).await.unwrap().starts_with(|first: char| first.is_ascii_digit()));
    let bare = Bench::scripted("print \"ffmpeg version 9\\n\";");
    let error = bare.toolbox.check(&bare.scratch()).await.unwrap_err();
    assert!(error.to_string().contains("does not list mov"), "{error}");
}

#[tokio::test]
async fn m23_an_endless_line_is_cut_short() {
    let error = run(&Bench::scripted("print 'x' x 1000000 while 1;")).await;
    assert!(matches!(error, MediaError::Io(_)), "{error:?}");
}

#[tokio::test]
async fn m23_nothing_can_be_started_from_inside() {
    let error = run(&Bench::scripted(
        "defined(fork()) or do { print STDERR \"fork: $!\"; abort_() }; sub abort_ { use POSIX; POSIX::abort() }",
    ))
    .await;
    assert!(error.to_string().contains("fork: Operation not permitted"), "{error}");
}

#[tokio::test]
async fn m25_a_file_cannot_grow_past_its_bound() {
    let bench = Bench::scripted("open(F, '>', 'large'); print F 'x' x 1000000 while 1;");
    let error = run(&bench).await;
    assert!(error.to_string().contains("SIGXFSZ"), "{error}");
    assert!(fs::metadata(bench.path("scratch0/large")).unwrap().len() < 100_000_000);
}

/// How many processes have `folder` as their working folder.
fn processes_in(folder: &Path) -> usize {
    let folder = folder.canonicalize().unwrap();
    let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    processes.filter(|process| fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd == folder)).count()
}

/// A film with a few bytes changed, the same ones every time.
fn mutated(film: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = film.to_vec();
    for _ in 0..=seed % 40 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        // Half of the changes hit the first kilobytes, where the headers are.
        let span = if state & 1 == 0 { bytes.len().min(4_096) } else { bytes.len() };
        let at = usize::try_from(state >> 16).unwrap() % span;
        bytes[at] = state.to_le_bytes()[7];
    }
    bytes
}

#[tokio::test]
async fn m20_damaged_films_end_with_an_answer() {
    let bench = Bench::new();
    let pictures = "-f lavfi -i testsrc2=size=64x64:rate=25:duration=1 -f lavfi -i sine=duration=1";
    for (name, codecs) in [
        ("film.mp4", "-c:v libx264 -pix_fmt yuv420p -c:a aac -movflags +faststart"),
        ("film.webm", "-c:v libvpx -deadline realtime -c:a libopus"),
        ("film.ts", "-c:v mpeg2video -c:a mp2"),
        ("film.avi", "-c:v mpeg4 -c:a pcm_s16le"),
    ] {
        let film = fs::read(bench.clip(name, &format!("{pictures} {codecs}"))).unwrap();
        for seed in 0..12 {
            let damaged = bench.file("damaged", mutated(&film, seed));
            let Ok(source) = bench.probe(&damaged).await else { continue };
            let plan = admit_domain::ladder::plan(&source).unwrap();
            let (opened, scratch) = (fs::File::open(&damaged).unwrap(), bench.scratch());
            let made = bench.toolbox.make(&opened, &source, &plan.steps[0], &scratch, &mut |_| {}).await;
            assert!(
                made.is_ok() || matches!(made, Err(MediaError::Failed { .. } | MediaError::Unexpected { .. })),
                "{made:?}"
            );
            assert_eq!(processes_in(&scratch), 0, "{name} {seed}");
        }
    }
}
