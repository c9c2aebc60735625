//! Command lines for pictures, as texts.

use super::*;
use crate::{jail::Layer, samples};

/// The command line from its input on; what stands before is the same for every program and tested there.
fn after_guards(args: Vec<OsString>) -> String {
    let words: Vec<_> = args.into_iter().map(|word| word.into_string().unwrap()).collect();
    words.join(" ").split_once("-max_streams 16 ").unwrap().1.to_owned()
}

#[test]
fn a_wished_poster_is_sought_and_a_typical_one_is_chosen() {
    let (source, video) = (samples::film(1920, 1080), samples::video(1920, 1080));
    let layers = Layers::without(&[Layer::Formats, Layer::Protocols]);
    assert_eq!(
        after_guards(argv_poster(&layers, &source, &video, Moment::At(1_500))),
        "-ss 1.500 -i /dev/fd/0 -map 0:V:0 -vf scale=1280:720,setsar=1,format=yuv420p,format=yuvj420p \
         -map_metadata -1 -fflags +bitexact -c:v mjpeg -f image2 -frames:v 1 -q:v 3 -update 1 poster.jpg"
    );
    let typical = after_guards(argv_poster(&layers, &source, &video, Moment::AfterTheOpening));
    assert!(
        typical
            .starts_with("-skip_frame nokey -noaccurate_seek -ss 6.150 -i /dev/fd/0 -map 0:V:0 -vf thumbnail=12,scale")
    );
    let late = after_guards(argv_poster(&layers, &source, &video, Moment::At(u64::MAX)));
    assert!(late.starts_with("-ss 61.000 "), "{late}");
}

#[test]
fn a_storyboard_is_one_run_over_keyframes() {
    let (source, video) = (samples::film(1920, 1080), samples::video(1920, 1080));
    let board = Storyboard::plan(1920, 1080, source.duration_ms).unwrap();
    assert_eq!(
        after_guards(argv_storyboard(&Layers::without(&[Layer::Formats, Layer::Protocols]), &video, &board)),
        "-skip_frame nokey -i /dev/fd/0 -map 0:V:0 -vf fps=1000/2000:start_time=0:round=up,scale=160:90,setsar=1,\
         format=yuv420p,tpad=stop=56:stop_mode=clone,tile=5x5,format=yuvj420p -map_metadata -1 -fflags +bitexact \
         -c:v mjpeg -f image2 -frames:v 2 -q:v 5 -start_number 0 sheet%04d.jpg"
    );
}

#[test]
fn a_poster_keeps_its_shape_and_is_never_enlarged() {
    for (source, expected) in [
        ((1920, 1080), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((320, 180), (320, 180)),
        ((201, 151), (200, 150)),
        ((1, 1), (2, 2)),
        ((16_384, 2), (1280, 2)),
    ] {
        assert_eq!(poster_size(&samples::video(source.0, source.1)), expected, "{source:?}");
    }
}
