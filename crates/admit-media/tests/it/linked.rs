//! Films that say their pictures lie in another file: MOV references, linked Matroska segments, split MXF.
//!
//! Of these the program only ever follows a MOV alias, and only when told to. The control tells it to and sees
//! the victim's pictures; the jail must hold even then. It has no code that follows an address in `dref`, a reference
//! movie, a Matroska segment's identifier or an MXF package, and no other player is installed, so for those there is
//! no theft to show as a control: the kernel's word that the victim's file was not opened, under any of its names,
//! has to do. That its word is worth something is shown with the alias. The MXF film is half of a pair by its kind
//! alone (OP-Atom); nothing in it names the victim's.

use std::{
    fs::{self, File},
    mem::MaybeUninit,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
};

use admit_media::jail::Layer;
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};

use crate::{
    hostile::{NEIGHBOUR, UPLOAD, Victim, attack, outputs},
    support::{Bench, box_of, command, ffprobe, frames, tool},
};

/// No picture depends on a later one, so films of equal length have equal tables but for the samples' sizes.
const ENCODED: &str = "-c:v libx264 -qp 10 -bf 0 -pix_fmt yuv420p";
/// The attacker's own pictures: far smaller than the victim's, so each fits where one of the victim's lies.
const PLAIN: &str = "-f lavfi -i color=red:size=64x64:rate=25:duration=2";
/// What makes the program follow an alias. We never say it.
const FOLLOW: &str = "-enable_drefs 1 -use_absolute_path 1";

/// Counts how often a file is opened, by whomever and under whichever of its names.
struct Watch(OwnedFd);

impl Watch {
    fn on(path: &Path) -> Self {
        let watch = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).unwrap();
        inotify::add_watch(&watch, path, WatchFlags::OPEN).unwrap();
        Self(watch)
    }

    /// Whether it was opened since this was last asked.
    fn opened(&self) -> bool {
        let mut buffer = [MaybeUninit::uninit(); 4_096];
        let mut events = inotify::Reader::new(&self.0, &mut buffer);
        let mut opened = false;
        loop {
            match events.next() {
                Ok(_) => opened = true,
                Err(rustix::io::Errno::AGAIN) => return opened,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// Where each sample of a film lies, and how long it is.
fn samples(film: &Path) -> Vec<(usize, usize)> {
    let answer = ffprobe("-show_entries packet=size,pos", film);
    let numbers: Vec<usize> = answer.lines().map(|number| number.parse().unwrap()).collect();
    numbers.chunks_exact(2).map(|sample| (sample[1], sample[0])).collect()
}

/// The victim's film, byte for byte, but with the attacker's pictures where the victim's were.
fn lookalike(victim: &Path, plain: &Path) -> Vec<u8> {
    let (mut film, source) = (fs::read(victim).unwrap(), fs::read(plain).unwrap());
    let (places, pictures) = (samples(victim), samples(plain));
    assert_eq!(places.len(), pictures.len());
    for ((at, length), (from, size)) in places.into_iter().zip(pictures) {
        // A unit of filler takes up the rest: length, kind 12, and ones up to the final mark.
        let filler = u32::try_from(length - size - 4).unwrap().to_be_bytes();
        film[at..at + length].fill(0xff);
        film[at..at + size].copy_from_slice(&source[from..from + size]);
        film[at + size..at + size + 4].copy_from_slice(&filler);
        (film[at + size + 4], film[at + length - 1]) = (12, 0x80);
    }
    film
}

/// The film with another entry where it said that its pictures are its own. Its tables and offsets stay as they are.
fn refer(film: &[u8], entry: &[u8]) -> Vec<u8> {
    let own = box_of(*b"url ", &[0, 0, 0, 1]);
    let find = |what: &[u8], from: usize| from + film[from..].windows(what.len()).position(|at| at == what).unwrap();
    let header = find(b"moov", 0);
    assert!(samples_end_before(film, header), "what grows must lie behind the samples");
    let at = find(&own, header);
    let mut referring = [&film[..at], entry, &film[at + own.len()..]].concat();
    for name in [b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"] {
        let size = find(name, header) - 4;
        let old = usize::try_from(u32::from_be_bytes(film[size..size + 4].try_into().unwrap())).unwrap();
        let new = u32::try_from(old + entry.len() - own.len()).unwrap();
        referring[size..size + 4].copy_from_slice(&new.to_be_bytes());
    }
    referring
}

fn samples_end_before(film: &[u8], header: usize) -> bool {
    film.windows(4).position(|at| at == b"mdat").unwrap() < header
}

/// An entry with a Macintosh alias: how many folders to go up and down again, and a path.
fn alias(up_and_down: u16, path: &str) -> Vec<u8> {
    let mut path = path.as_bytes().to_vec();
    path.resize(path.len().next_multiple_of(2), 0);
    let length = u16::try_from(path.len()).unwrap().to_be_bytes();
    let levels = up_and_down.to_be_bytes();
    // Flags, then names and dates of volume and file that nobody reads; at the end, the path as item 2 of one.
    let unread = [0; 4 + 10 + 28 + 12 + 64 + 16];
    box_of(*b"alis", &[&unread, &levels[..], &levels, &[0; 16], &[0, 2], &length, &path, &[0xff, 0xff, 0, 0]].concat())
}

/// The aliases that the program can follow: to the file itself, to one beside, and up to a folder and down again.
fn aliases(victim: &Path) -> [(&'static str, Vec<u8>); 3] {
    [
        ("absolute alias", alias(0, victim.to_str().unwrap())),
        ("alias to a neighbour", alias(1, &format!("/any/{NEIGHBOUR}"))),
        ("alias to the next folder", alias(2, "/any/victim/master.mp4")),
    ]
}

/// References that the program can read over only, since it has no code to follow them.
fn addresses(victim: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let entry = |name: &[u8; 4], address: &str| box_of(*name, &[&[0; 4], address.as_bytes(), &[0]].concat());
    let victim = victim.display();
    vec![
        ("address", entry(b"url ", &format!("file://{victim}"))),
        ("path", entry(b"url ", &victim.to_string())),
        ("neighbour's address", entry(b"url ", NEIGHBOUR)),
        ("name with address", entry(b"urn ", &format!("victim\0file://{victim}"))),
        ("resource", entry(b"rsrc", &victim.to_string())),
    ]
}

/// A film without any pictures that names the one to play instead.
fn reference_movie(victim: &Path) -> Vec<u8> {
    let address = format!("file://{}\0", victim.display());
    let length = u32::try_from(address.len()).unwrap().to_be_bytes();
    let reference = box_of(*b"rdrf", &[&[0; 4], &b"url "[..], &length, address.as_bytes()].concat());
    let movie = [*b"rmda", *b"rmra", *b"moov"].into_iter().fold(reference, |inner, name| box_of(name, &inner));
    [box_of(*b"ftyp", b"qt  \0\0\0\0qt  "), movie].concat()
}

/// One element of a Matroska film, its length in two bytes.
fn element(id: &[u8], body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap() | 0x4000;
    [id, &length.to_be_bytes(), body].concat()
}

/// The identifier of a Matroska film and what else it says about itself, and the place of that.
fn segment_info(film: &[u8]) -> ([u8; 16], Vec<u8>, std::ops::Range<usize>) {
    let identifier = film.windows(3).position(|at| at == [0x73, 0xa4, 0x90]).unwrap() + 3;
    // Its first entry follows a length of one byte, whose first bit says so. The index names it too, without either.
    let is_info = |at: &[u8]| at.starts_with(&[0x15, 0x49, 0xa9, 0x66]) && at.ends_with(&[0x2a, 0xd7, 0xb1]);
    let body = film.windows(8).position(is_info).unwrap() + 5;
    let end = body + usize::from(film[body - 1] & 0x7f);
    (film[identifier..identifier + 16].try_into().unwrap(), film[body..end].to_vec(), body - 5..end)
}

/// The film, linked to the victim's in each way there is: as its neighbours before and after, and as its only chapter.
fn link(film: &[u8], victim: &[u8]) -> Vec<u8> {
    let (identifier, ..) = segment_info(victim);
    let (_, info, place) = segment_info(film);
    let names = [[0x3c, 0x83, 0xab], [0x3e, 0x83, 0xbb]].map(|id| element(&id, NEIGHBOUR.as_bytes())).concat();
    let links = [[0x3c, 0xb9, 0x23], [0x3e, 0xb9, 0x23]].map(|id| element(&id, &identifier)).concat();
    let info = element(&[0x15, 0x49, 0xa9, 0x66], &[info, names, links].concat());
    let two_seconds = 2_000_000_000_u64.to_be_bytes();
    let chapter = [
        element(&[0x73, 0xc4], &[1]),
        element(&[0x91], &[0]),
        element(&[0x92], &two_seconds),
        element(&[0x6e, 0x67], &identifier),
    ];
    let ordered = element(&[0x45, 0xdd], &[1]);
    let edition = element(&[0x45, 0xb9], &[ordered, element(&[0xb6], &chapter.concat())].concat());
    let chapters = element(&[0x10, 0x43, 0xa7, 0x70], &edition);
    // The segment's head, without the index that would have to be corrected: length unknown, as of a live film.
    let unknown = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let segment = film.windows(8).position(|at| at == unknown).unwrap() + 8;
    [&film[..segment], &info, &chapters, &film[place.end..]].concat()
}

/// With every layer, without each, and without any.
fn jails() -> Vec<Vec<Layer>> {
    [vec![], Layer::ALL.to_vec()].into_iter().chain(Layer::ALL.map(|layer| vec![layer])).collect()
}

/// The victim's film, the attacker's own pictures, and a film that is those in the victim's places.
fn scene(bench: &Bench) -> (Victim, PathBuf, Vec<u8>) {
    let victim = Victim::encoded(bench, ENCODED);
    let plain = bench.clip("plain.mp4", &format!("{PLAIN} {ENCODED}"));
    let film = lookalike(&victim.path, &plain);
    assert_eq!(frames(&bench.file("lookalike.mp4", &film)), frames(&plain), "the film is one, and the attacker's");
    (victim, plain, film)
}

#[tokio::test]
async fn m08_an_alias_to_anothers_film_is_not_followed() {
    for removed in jails() {
        let bench = Bench::without(&removed);
        let (victim, _, film) = scene(&bench);
        let pictures = frames(&victim.path);
        let watch = Watch::on(&victim.path);
        for (what, entry) in aliases(&victim.path) {
            // The control stands where the jailed program stands: in a scratch folder beside the victim's.
            let control = bench.scratch();
            fs::hard_link(&victim.path, control.join(NEIGHBOUR)).unwrap();
            let upload = control.join(UPLOAD);
            fs::write(&upload, refer(&film, &entry)).unwrap();
            let followed = tool("ffmpeg", &format!("-v error {FOLLOW} -i {} -f md5 -", upload.display()), None);
            assert_eq!(String::from_utf8(followed.stdout).unwrap(), pictures, "{what} must work when followed");
            assert!(watch.opened(), "{what}: the watch must see it");

            let (probed, folders) = attack(&bench, &victim, &upload).await;
            assert!(!watch.opened(), "{what} was followed without {removed:?}");
            assert!(probed.is_err(), "{what}: {probed:?}");
            assert!(folders.iter().all(|folder| !victim.is_in(folder)), "{what} without {removed:?}");
        }
    }
}

/// Our own steps, but with a program that is told to follow. Landlock is off, as always where a script is to run.
#[tokio::test]
async fn m08_the_theft_is_real_where_the_program_is_told_to_follow() {
    let words = FOLLOW.split(' ').collect::<Vec<_>>().join("', '");
    let bench = Bench::scripted(&format!(
        "my $asked = grep {{ $_ eq '-show_entries' }} @ARGV;
         my @told = $asked ? ('{words}', @ARGV) : map {{ $_ eq '-i' ? ('{words}', $_) : $_ }} @ARGV;
         exec $asked ? '/usr/bin/ffprobe' : '/usr/bin/ffmpeg', @told;"
    ));
    let (victim, _, film) = scene(&bench);
    let pictures = frames(&victim.path);
    let watch = Watch::on(&victim.path);
    let [(_, absolute), ..] = aliases(&victim.path);
    let (probed, folders) = attack(&bench, &victim, &bench.file("upload", refer(&film, &absolute))).await;
    assert!(watch.opened() && probed.is_ok(), "{probed:?}");
    assert!(victim.is_in(&folders[0]), "the copy is the victim's, or the tests around this one see nothing");
    assert_eq!(frames(&folders[0].join("vsource.mp4")), pictures);
}

#[tokio::test]
async fn m08_an_address_in_a_film_is_not_followed() {
    for removed in jails() {
        let bench = Bench::without(&removed);
        let (victim, plain, film) = scene(&bench);
        let own = frames(&plain);
        let watch = Watch::on(&victim.path);
        // Each jail with one layer missing lies between the first two, where every spelling is tried.
        let spellings = if removed.len() == 1 { 1 } else { usize::MAX };
        for (what, entry) in addresses(&victim.path).into_iter().take(spellings) {
            let (probed, folders) = attack(&bench, &victim, &bench.file("upload", refer(&film, &entry))).await;
            assert!(!watch.opened(), "{what} was followed without {removed:?}");
            assert!(probed.is_ok(), "{what}: {probed:?}");
            assert_eq!(frames(&folders[0].join("vsource.mp4")), own, "{what}: it shows what lies in itself");
            assert!(folders.iter().all(|folder| !victim.is_in(folder)), "{what} without {removed:?}");
        }
        let upload = bench.file("upload", reference_movie(&victim.path));
        let (probed, folders) = attack(&bench, &victim, &upload).await;
        assert!(!watch.opened() && probed.is_err(), "without {removed:?}: {probed:?}");
        assert!(folders.iter().all(|folder| outputs(folder).is_empty()), "there is nothing in it to show");
    }
}

#[tokio::test]
async fn m08_linked_segments_and_split_films_stay_alone() {
    let live = "-c:v libx264 -qp 10 -bf 0 -pix_fmt yuv420p -f matroska -live 1 -write_crc32 0";
    for removed in jails() {
        let bench = Bench::without(&removed);
        let victim = Victim::encoded(&bench, live);
        let plain = bench.clip("plain.mkv", &format!("{PLAIN} {live}"));
        let linked = link(&fs::read(&plain).unwrap(), &fs::read(&victim.path).unwrap());
        let linked = bench.file("upload.mkv", linked);
        let chapters = ffprobe("-show_chapters -show_entries chapter=id,end_time", &linked);
        assert!(chapters.contains("2.000000"), "the film is sound, and its chapters are read: {chapters}");
        let own = frames(&plain);
        let atom = "-f lavfi -i testsrc2=size=256x144:rate=25:duration=1 -c:v dnxhd -profile:v dnxhr_lb \
                    -pix_fmt yuv422p -f mxf_opatom";
        let atom = bench.clip("atom.mxf", atom);

        let watch = Watch::on(&victim.path);
        let (probed, folders) = attack(&bench, &victim, &linked).await;
        assert!(!watch.opened(), "the link was followed without {removed:?}");
        assert!(probed.is_ok(), "{probed:?}");
        assert_eq!(frames(&folders[0].join("vsource.mp4")), own, "it shows what lies in itself");
        let (probed, folders) = attack(&bench, &victim, &atom).await;
        assert!(!watch.opened() && probed.is_err(), "without {removed:?}: {probed:?}");
        assert!(folders.iter().all(|folder| !victim.is_in(folder)), "without {removed:?}");
    }
}

/// What a program that follows every alias shows of an upload, in a jail of these layers.
fn shown_by_a_follower(bench: &Bench, victim: &Victim, upload: &[u8], layers: &[Layer]) -> String {
    let scratch = bench.scratch();
    fs::write(scratch.join(UPLOAD), upload).unwrap();
    fs::hard_link(&victim.path, scratch.join(NEIGHBOUR)).unwrap();
    let names: Vec<_> = layers.iter().map(|layer| format!("{layer:?}").to_lowercase()).collect();
    let source = if layers.contains(&Layer::Descriptor) { "/dev/fd/0" } else { UPLOAD };
    let mut launcher = command(env!("CARGO_BIN_EXE_admit-jail"));
    launcher.arg(format!("layers={}", names.join(",")));
    launcher.args(["allow-unconfined=false", "address-space=4294967296", "cpu=60", "file=1000000", "--"]);
    launcher.args(["/usr/bin/ffmpeg", "-v", "error", "-threads", "1"]).args(FOLLOW.split(' '));
    launcher.args(["-i", source, "-f", "md5", "-"]).current_dir(&scratch);
    let answer = launcher.stdin(File::open(scratch.join(UPLOAD)).unwrap()).output().unwrap();
    assert_ne!(answer.status.code(), Some(125), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap()
}

/// Not following is the program's own default. Should that ever change, the jail holds by itself.
#[test]
fn m08_the_jail_holds_a_program_that_follows() {
    let bench = Bench::new();
    let (victim, plain, film) = scene(&bench);
    let (pictures, own) = (frames(&victim.path), frames(&plain));
    let watch = Watch::on(&victim.path);
    let [absolute, neighbour, folder] = aliases(&victim.path).map(|(what, entry)| (what, refer(&film, &entry)));
    for (what, upload) in [&absolute, &neighbour, &folder] {
        assert_eq!(shown_by_a_follower(&bench, &victim, upload, &[]), pictures, "{what} must steal without a jail");
        assert!(watch.opened());
    }
    for ((what, upload), layers) in [
        (&absolute, &Layer::ALL[..]),
        (&neighbour, &Layer::ALL),
        (&folder, &Layer::ALL),
        (&absolute, &[Layer::Landlock]),
        (&folder, &[Layer::Landlock]),
        (&neighbour, &[Layer::Descriptor]),
        (&folder, &[Layer::Descriptor]),
    ] {
        assert_eq!(shown_by_a_follower(&bench, &victim, &film, layers), own, "in {layers:?} it works");
        assert_eq!(shown_by_a_follower(&bench, &victim, upload, layers), "", "{what} with {layers:?}");
        assert!(!watch.opened(), "{what} with {layers:?}");
    }
}
