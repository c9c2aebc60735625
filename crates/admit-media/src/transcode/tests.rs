//! Command lines as texts: nothing but numbers and names of our own may differ between two films.

use admit_domain::ladder::{plan, plan_without_copy};

use super::*;
use crate::{jail::Layers, samples, toolbox::Preset};

const GUARDS: &str = "-max_pixels 35389440 -max_streams 16 \
     -format_whitelist mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,flv,ogg,wav,mp3,aac,flac \
     -codec_whitelist h264,hevc,vp8,vp9,libdav1d,libaom-av1,av1,mpeg1video,mpeg2video,mpeg4,mjpeg,prores,h263,flv,theora,png,\
     aac,mp3float,mp3,mp2float,mp2,opus,libopus,vorbis,flac,alac,ac3,eac3,amrnb,\
     pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le -protocol_whitelist file";
const STRIPPED: &str =
    "-map_metadata -1 -map_chapters -1 -sn -dn -fflags +bitexact -avoid_negative_ts make_non_negative -f mp4";

fn film() -> SourceFacts {
    samples::film(1280, 720)
}

fn spell(source: &SourceFacts, step: &Step) -> String {
    let settings = Settings { layers: Layers::all(), preset: Preset::Veryfast, threads: 2 };
    let words: Vec<_> = argv(&settings, source, step).into_iter().map(|word| word.into_string().unwrap()).collect();
    words.join(" ")
}

#[test]
fn a_copy_names_no_encoder() {
    let film = film();
    let expected = format!(
        "-v error -nostdin -y -nostats -progress pipe:1 {GUARDS} -threads 2 -i /dev/fd/0 \
         -map 0:V:0 -c:v copy -t 62.500 \
         -movflags +cmaf+default_base_moof+skip_sidx+skip_trailer+empty_moov+frag_keyframe {STRIPPED} vsource.mp4 \
         -map 0:a:0 -c:a copy -t 62.500 \
         -movflags +cmaf+default_base_moof+skip_sidx+skip_trailer+delay_moov+frag_discont -frag_duration 2000000 {STRIPPED} a1.mp4"
    );
    assert_eq!(spell(&film, plan(&film).unwrap().first().unwrap()), expected);
}

#[test]
fn an_encoded_step_says_everything_about_its_rung() {
    let film = film();
    let expected = format!(
        "-v error -nostdin -y -nostats -progress pipe:1 {GUARDS} -threads 2 -i /dev/fd/0 \
         -map 0:V:0 -vf scale=426:240,setsar=1,format=yuv420p -fps_mode cfr -r 25/1 -c:v libx264 -preset veryfast \
         -threads 2 -profile:v high -crf 23 -maxrate 400000 -bufsize 800000 -sc_threshold 0 \
         -force_key_frames expr:gte(t,n_forced*2) -t 62.500 \
         -movflags +cmaf+default_base_moof+skip_sidx+skip_trailer+empty_moov+frag_keyframe {STRIPPED} v240.mp4 \
         -map 0:a:0 -af aresample=async=1:first_pts=0 -c:a aac -b:a 128000 -ac 2 -ar 48000 -t 62.500 \
         -movflags +cmaf+default_base_moof+skip_sidx+skip_trailer+delay_moov+frag_discont -frag_duration 2000000 {STRIPPED} a1.mp4"
    );
    assert_eq!(spell(&film, plan_without_copy(&film).unwrap().first().unwrap()), expected);
}

#[test]
fn m12_nothing_of_the_file_reaches_the_command_line() {
    let hostile = SourceFacts { container: "-i file:///etc/passwd; $(rm) %d\n..".into(), ..film() };
    let step = plan(&hostile).unwrap().first().cloned().unwrap();
    assert_eq!(spell(&hostile, &step), spell(&film(), &step));
}

#[test]
fn pictures_are_put_right_on_the_way() {
    let video = samples::video(1280, 720);
    let interlaced = VideoFacts { interlaced: true, ..video.clone() };
    assert_eq!(filters(&interlaced, 2, 4), "yadif=deint=interlaced,scale=2:4,setsar=1,format=yuv420p");
    let bright = VideoFacts { high_dynamic_range: true, ..video };
    assert!(filters(&bright, 2, 4).contains("tonemap"));
}

#[test]
fn progress_is_read_from_the_line_that_tells_the_truth() {
    for (line, expected) in [
        ("out_time_us=500000", Some(0.5)),
        ("out_time_us=-5", None),
        ("out_time_us=99000000", Some(1.0)),
        ("out_time_ms=500000", None),
        ("frame=12", None),
        ("progress=end", Some(1.0)),
        ("", None),
    ] {
        assert_eq!(fraction_done(line, 1_000), expected, "{line}");
    }
    assert_eq!(fraction_done("out_time_us=1", 0), Some(0.001));
}
