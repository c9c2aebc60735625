//! Command lines of edits, as texts.

use admit_domain::{
    edit::Clip,
    image::Image,
    placement::{Extent, Length, Opacity, Placement},
    timecode::Timecode,
};

use super::*;
use crate::{
    jail::{Layer, Layers},
    samples,
    toolbox::Preset,
};

fn spell(source: &SourceFacts, clip: Option<Clip>, mark: Option<(Placement, Image)>) -> String {
    let layers = Layers::without(&[Layer::Formats, Layer::Protocols]);
    let settings = Settings { layers, preset: Preset::Veryfast, threads: 2 };
    let remake = Remake::plan(source, clip, mark).unwrap();
    let words: Vec<_> = argv(&settings, source, &remake).into_iter().map(|word| word.into_string().unwrap()).collect();
    words.join(" ").split_once("-max_streams 16 ").unwrap().1.to_owned()
}

fn clip(start: &str, end: &str) -> Clip {
    Clip { start: Timecode::parse(start), end: Timecode::parse(end) }
}

const LOGO: Image = Image { format: Format::Png, width: 200, height: 100 };
const STRIPPED: &str = "-map_metadata -1 -map_chapters -1 -sn -dn -fflags +bitexact -f mp4 edited.mp4";

#[test]
fn a_clip_is_sought_with_a_keyframe_to_spare() {
    assert_eq!(
        spell(&samples::film(1280, 720), Some(clip("10", "00:00:12.5")), None),
        format!(
            "-threads 2 -ss 7.000 -i /dev/fd/0 -map 0:V:0 -vf scale=1280:720,setsar=1,format=yuv420p \
             -fps_mode cfr -r 25/1 -c:v libx264 -preset veryfast -threads 2 -profile:v high -crf 18 \
             -maxrate 5600000 -bufsize 11200000 -sc_threshold 0 -force_key_frames expr:gte(t,n_forced*2) \
             -map 0:a:0 -af aresample=async=1:first_pts=0 -c:a aac -b:a 128000 -ac 2 -ar 48000 \
             -ss 3.000 -t 2.500 {STRIPPED}"
        )
    );
}

#[test]
fn a_mark_is_the_one_image_it_is_and_leaves_the_sound_alone() {
    let place = Placement {
        bottom: Length::parse("10px"),
        width: Extent::parse("50%"),
        opacity: Opacity::parse("7%").unwrap(),
        ..Placement::default()
    };
    assert_eq!(
        spell(&samples::film(1280, 720), None, Some((place, LOGO))),
        format!(
            "-threads 2 -i /dev/fd/0 -max_pixels 67108864 -format_whitelist png_pipe -codec_whitelist png \
             -protocol_whitelist file -f png_pipe -i mark -filter_complex \
             [0:V:0]scale=1280:720,setsar=1,format=yuv420p[film];\
             [1:v:0]format=rgba,colorchannelmixer=aa=0.07,scale=640:320:out_color_matrix=bt709:out_range=tv,\
             format=yuva420p[mark];[film][mark]overlay=0:390,format=yuv420p[marked] -map [marked] \
             -fps_mode cfr -r 25/1 -c:v libx264 -preset veryfast -threads 2 -profile:v high -crf 18 \
             -maxrate 5600000 -bufsize 11200000 -sc_threshold 0 -force_key_frames expr:gte(t,n_forced*2) \
             -map 0:a:0 -c:a copy -t 62.500 {STRIPPED}"
        )
    );
}

#[test]
fn a_clip_that_starts_with_the_film_seeks_nothing_and_sound_alone_is_only_cut() {
    let film = samples::film(320, 180);
    let early = spell(&film, Some(clip("0", "2")), None);
    assert!(early.starts_with("-threads 2 -i /dev/fd/0 -map") && early.contains(" -t 2.000 "), "{early}");
    assert!(!early.contains("-ss"), "{early}");
    let sound = SourceFacts { video: None, ..film };
    let place = Some((Placement::default(), Image { format: Format::Jpeg, ..LOGO }));
    assert_eq!(
        spell(&sound, Some(clip("10", "")), place),
        format!(
            "-threads 2 -ss 9.000 -i /dev/fd/0 -map 0:a:0 -af aresample=async=1:first_pts=0 -c:a aac -b:a 128000 -ac 2 \
             -ar 48000 -ss 1.000 -t 52.500 {STRIPPED}"
        )
    );
}
