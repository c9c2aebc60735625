//! How every media program is told to open a stranger's file: from a descriptor, as one of few formats, and no further.

use std::ffi::OsString;

use crate::jail::{Layer, Layers};

/// Containers we open. A playlist in any of a dozen grammars is none of them, whatever its name says.
pub(crate) const FORMATS: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,flv,ogg,wav,mp3,aac,flac";
/// Decoders we run, by the names the program has for them: those of the domain's list of codecs, and one for the
/// cover pictures of sound, which are never used but would otherwise make the probe give up.
pub(crate) const VIDEO_DECODERS: &str =
    "h264,hevc,vp8,vp9,libdav1d,libaom-av1,av1,mpeg1video,mpeg2video,mpeg4,mjpeg,prores,h263,flv,theora,png";
pub(crate) const AUDIO_DECODERS: &str = "aac,mp3float,mp3,mp2float,mp2,opus,libopus,vorbis,flac,alac,ac3,eac3,amrnb,\
     pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le";
/// The only protocol: enough for a descriptor and for files in the scratch folder.
const PROTOCOLS: &str = "file";
/// The input as it is seen inside: seekable, and without a name or a folder.
const DESCRIPTOR: &str = "/dev/fd/0";
/// Where a test puts the input when it takes the descriptor away.
const NAMED: &str = "input.mp4";

/// Options that must stand before `-i` of anything a stranger made.
pub(crate) fn guards(layers: &Layers) -> Vec<OsString> {
    let mut args = bounds();
    if layers.has(Layer::Formats) {
        let codecs = format!("{VIDEO_DECODERS},{AUDIO_DECODERS}");
        args.extend(["-format_whitelist".into(), FORMATS.into(), "-codec_whitelist".into(), codecs.into()]);
    }
    args.extend(protocols(layers));
    args
}

/// The same for the probe, which gives up on a file when it may not open every decoder in it. It is therefore told
/// only what to open of pictures and sound; subtitles and data are never decoded.
pub(crate) fn probe_guards(layers: &Layers) -> Vec<OsString> {
    let mut args = bounds();
    if layers.has(Layer::Formats) {
        args.extend(["-format_whitelist", FORMATS, "-codec_whitelist:v", VIDEO_DECODERS].map(OsString::from));
        args.extend(["-codec_whitelist:a", AUDIO_DECODERS].map(OsString::from));
    }
    args.extend(protocols(layers));
    args
}

/// The file itself, as the program is to address it.
pub(crate) fn source(layers: &Layers) -> OsString {
    if layers.has(Layer::Descriptor) { DESCRIPTOR.into() } else { NAMED.into() }
}

fn bounds() -> Vec<OsString> {
    let pixels = admit_domain::source::MAX_PIXELS.to_string();
    let streams = admit_domain::source::MAX_STREAMS.to_string();
    ["-max_pixels", &pixels, "-max_streams", &streams].map(OsString::from).to_vec()
}

fn protocols(layers: &Layers) -> Vec<OsString> {
    if layers.has(Layer::Protocols) { vec!["-protocol_whitelist".into(), PROTOCOLS.into()] } else { vec![] }
}
