//! Walking the boxes of a fragmented file: the header is read, the media is stepped over.

use std::io::{self, Read, Seek, SeekFrom};

use admit_domain::{
    presentation::{ByteRange, Segment, TrackKind},
    source::FrameRate,
};
use mp4_atom::{Atom as _, Codec, DecodeAtom as _, Ftyp, Header as BoxHeader, Mdat, Moof, Moov, ReadFrom as _, Trak};

use crate::limits;

/// The sample flag that says: this picture needs earlier ones.
const NOT_A_KEYFRAME: u32 = 0x0001_0000;

/// What the boxes before the first fragment say.
pub(super) struct Header {
    pub(super) range: ByteRange,
    pub(super) timescale: u32,
    pub(super) kind: TrackKind,
    pub(super) codecs: String,
    defaults: Defaults,
}

/// What a fragment leaves unsaid.
#[derive(Clone, Copy, Default)]
struct Defaults {
    duration: u32,
    flags: u32,
}

/// One index box and the media that follows it.
#[derive(Clone, Copy)]
pub(super) struct Fragment {
    pub(super) segment: Segment,
    pub(super) starts_with_keyframe: bool,
}

pub(super) fn read(mut file: impl Read + Seek) -> io::Result<(Header, Vec<Fragment>)> {
    let mut header = None;
    let mut fragments: Vec<Fragment> = Vec::new();
    let mut offset = 0;
    while let Some(found) = Option::<BoxHeader>::read_from(&mut file).map_err(damaged)? {
        let start = offset;
        let body = found.size.ok_or_else(|| bad("a box without an end"))?;
        offset = file.stream_position()? + body as u64;
        match found.kind {
            Moov::KIND => {
                let moov = Moov::decode_atom(&found, &mut take(&mut file, body)?).map_err(damaged)?;
                header = Some(read_header(&moov, offset)?);
            }
            Moof::KIND => {
                let moof = Moof::decode_atom(&found, &mut take(&mut file, body)?).map_err(damaged)?;
                let header = header.as_ref().ok_or_else(|| bad("a fragment before the header"))?;
                fragments.push(read_fragment(&moof, start, header.defaults)?);
            }
            Mdat::KIND => {
                let fragment = fragments.last_mut().ok_or_else(|| bad("media before its index"))?;
                fragment.segment.len =
                    u32::try_from(offset - fragment.segment.offset).map_err(|_| bad("a fragment is too large"))?;
            }
            Ftyp::KIND => {}
            _ => return Err(bad("a box that does not belong there")),
        }
        file.seek(SeekFrom::Start(offset))?;
    }
    let whole = file.seek(SeekFrom::End(0))? == offset;
    let header = header.ok_or_else(|| bad("no header"))?;
    if whole { Ok((header, fragments)) } else { Err(bad("it is cut off")) }
}

fn take(file: &mut impl Read, body: usize) -> io::Result<io::Cursor<Vec<u8>>> {
    if body as u64 > limits::BOX_BYTES {
        return Err(bad("an index box is too large"));
    }
    let mut bytes = vec![0; body];
    file.read_exact(&mut bytes)?;
    Ok(io::Cursor::new(bytes))
}

fn read_header(moov: &Moov, end: u64) -> io::Result<Header> {
    let [track] = moov.trak.as_slice() else { return Err(bad("not exactly one track")) };
    let defaults = moov
        .mvex
        .as_ref()
        .and_then(|mvex| mvex.trex.first())
        .map(|trex| Defaults { duration: trex.default_sample_duration, flags: trex.default_sample_flags });
    let len = u32::try_from(end).map_err(|_| bad("the header is too large"))?;
    let (kind, codecs) = kind(track)?;
    let timescale = track.mdia.mdhd.timescale;
    if timescale == 0 {
        return Err(bad("no timescale"));
    }
    Ok(Header { range: ByteRange { offset: 0, len }, timescale, kind, codecs, defaults: defaults.unwrap_or_default() })
}

/// What kind of track it is, and its name by RFC 6381.
fn kind(track: &Trak) -> io::Result<(TrackKind, String)> {
    match track.mdia.minf.stbl.stsd.codecs.as_slice() {
        [Codec::Avc1(avc)] => {
            let (width, height) = (avc.visual.width.into(), avc.visual.height.into());
            let config = &avc.avcc;
            let levels = [config.avc_profile_indication, config.profile_compatibility, config.avc_level_indication];
            let [profile, compatibility, level] = levels;
            let codecs = format!("avc1.{profile:02x}{compatibility:02x}{level:02x}");
            Ok((TrackKind::Video { width, height, frame_rate: FrameRate::new(0, 1) }, codecs))
        }
        [Codec::Mp4a(aac)] => {
            let channels = u8::try_from(aac.audio.channel_count).map_err(|_| bad("too many channels"))?;
            let sample_rate_hz = aac.audio.sample_rate.integer().into();
            let object = &aac.esds.es_desc.dec_config;
            let profile = object.dec_specific.as_ref().ok_or_else(|| bad("sound without a profile"))?.profile;
            let codecs = format!("mp4a.{:x}.{profile}", object.object_type_indication);
            Ok((TrackKind::Audio { channels, sample_rate_hz }, codecs))
        }
        _ => Err(bad("a codec we did not ask for")),
    }
}

fn read_fragment(moof: &Moof, offset: u64, defaults: Defaults) -> io::Result<Fragment> {
    let [traf] = moof.traf.as_slice() else { return Err(bad("a fragment of more than one track")) };
    let start = traf.tfdt.as_ref().ok_or_else(|| bad("a fragment without a time"))?.base_media_decode_time;
    let default_duration = traf.tfhd.default_sample_duration.unwrap_or(defaults.duration);
    let samples = || traf.trun.iter().flat_map(|run| run.samples.iter());
    let ticks: u64 = samples().map(|sample| u64::from(sample.duration.unwrap_or(default_duration))).sum();
    let first = samples().next().ok_or_else(|| bad("an empty fragment"))?;
    let flags = first.flags.or(traf.tfhd.default_sample_flags).unwrap_or(defaults.flags);
    let duration = u32::try_from(ticks).map_err(|_| bad("a fragment is too long"))?;
    let segment = Segment { offset, len: 0, start, duration };
    Ok(Fragment { segment, starts_with_keyframe: flags & NOT_A_KEYFRAME == 0 })
}

fn damaged(error: mp4_atom::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

pub(super) fn bad(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
