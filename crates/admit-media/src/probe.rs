//! Looking into an upload: headers first, and when they are acceptable the whole file, without decoding it.

use std::{ffi::OsString, fs::File, path::Path};

use admit_domain::source::{SourceFacts, Unsupported};

use crate::{MediaError, Toolbox, input, jail::Layers, limits, limits::Bounds};

mod packets;
mod report;

const ENTRIES: &str = "format=format_name:stream=index,codec_type,codec_name,profile,width,height,sample_aspect_ratio,\
     pix_fmt,bits_per_raw_sample,field_order,color_transfer,r_frame_rate,channels,sample_rate:\
     stream_disposition=attached_pic:stream_side_data=rotation:stream_tags=";

/// Asks what the headers say.
pub(crate) fn argv_headers(layers: &Layers) -> Vec<OsString> {
    argv(layers, &["-of", "json=c=1", "-show_entries", ENTRIES])
}

/// Asks for one line per packet: stream, presentation and decoding time, duration, size, flags.
pub(crate) fn argv_packets(layers: &Layers) -> Vec<OsString> {
    argv(layers, &["-of", "csv=p=0", "-show_entries", "packet=stream_index,pts_time,dts_time,duration_time,size,flags"])
}

fn argv(layers: &Layers, question: &[&str]) -> Vec<OsString> {
    let mut args: Vec<OsString> = vec!["-v".into(), "error".into()];
    args.extend(input::probe_guards(layers));
    args.extend(question.iter().map(OsString::from));
    args.push(input::source(layers));
    args
}

impl Toolbox {
    /// What is in `file`. Lengths, rates and keyframe distances are measured from its packets, because headers lie.
    ///
    /// A file that is not a film is [`MediaError::Unsupported`] with the reason to show its owner.
    pub async fn probe(&self, file: &File, scratch: &Path) -> Result<SourceFacts, MediaError> {
        let size_bytes = file.metadata()?.len();
        if size_bytes == 0 {
            return Err(Unsupported::Empty.into());
        }
        let bounds = Bounds::probe(size_bytes);

        let mut json = String::new();
        let mut keep = |line: &str| {
            if json.len() < limits::REPORT_BYTES {
                json.push_str(line);
            }
        };
        let asked = self.ffprobe(argv_headers(&self.jail.layers), file, scratch, bounds, &mut keep).await;
        asked.map_err(reason)?;
        let report = report::read(&json)?;

        let mut counts = report.counts();
        let mut count = |line: &str| counts.add(line);
        let counted = self.ffprobe(argv_packets(&self.jail.layers), file, scratch, bounds, &mut count).await;
        counted.map_err(reason)?;
        let facts = report.facts(size_bytes, &counts);
        facts.check()?;
        Ok(facts)
    }
}

/// A probe that gives up has judged the file, unless it was stopped from outside.
fn reason(error: MediaError) -> MediaError {
    match &error {
        MediaError::Failed { status, stderr_tail, .. } if status.code().is_some() => refusal(stderr_tail).into(),
        _ => error,
    }
}

fn refusal(said: &str) -> Unsupported {
    if said.contains("max_streams") {
        Unsupported::TooManyStreams
    } else if said.contains(&format!("not on whitelist '{}", input::VIDEO_DECODERS)) {
        Unsupported::VideoCodec
    } else if said.contains(&format!("not on whitelist '{}", input::AUDIO_DECODERS)) {
        Unsupported::AudioCodec
    } else if said.contains("Picture size") {
        Unsupported::TooManyPixels
    } else {
        Unsupported::Unreadable
    }
}
