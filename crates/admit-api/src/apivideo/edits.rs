//! `clip` and `watermark` of a video that is created.

use admit_domain::{
    edit::{Clip, Edit, Mark},
    placement::{Extent, Length, Opacity, Placement},
    timecode::Timecode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{actions::create_video::NO_WATERMARK, error::ApiError};

const TIMECODE: &str = "This value must be hh:mm:ss, hh:mm:ss.ms, hh:mm:ss:frame or seconds.";
const LENGTH: &str = "This value must be a length of at most 8192px or 100%.";
const EXTENT: &str = "This value must be initial, or a length of at most 8192px or 100%.";
const OPACITY: &str = "This value must be a percentage from 0% to 100%.";

/// The stretch of the film that is kept.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ClipBody {
    /// `hh:mm:ss`, `hh:mm:ss.ms`, `hh:mm:ss:frame` or seconds; so is the other.
    pub start_timecode: Option<String>,
    pub end_timecode: Option<String>,
}

/// A watermark to burn in. Distances are `10px` or `5%`; without any it is laid in the upper left corner.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MarkBody {
    pub id: Option<String>,
    pub top: Option<String>,
    pub left: Option<String>,
    pub bottom: Option<String>,
    pub right: Option<String>,
    /// A length, or `initial` for that of the picture. A side without a length follows the other.
    pub width: Option<String>,
    pub height: Option<String>,
    /// Such as `70%`.
    pub opacity: Option<String>,
}

/// Reads both, and names all their faults at once.
pub(super) fn read(clip: Option<&ClipBody>, mark: Option<&MarkBody>) -> Result<Edit, ApiError> {
    let mut faults = Faults(Vec::new());
    let clip = clip.and_then(|clip| read_clip(clip, &mut faults));
    let mark = mark.and_then(|mark| read_mark(mark, &mut faults));
    ApiError::all(faults.0).map_or(Ok(Edit { clip, mark }), Err)
}

/// Nothing is cut where neither end is named.
fn read_clip(clip: &ClipBody, faults: &mut Faults) -> Option<Clip> {
    let start = faults.read("clip[startTimecode]", clip.start_timecode.as_ref(), Timecode::parse, TIMECODE);
    let end = faults.read("clip[endTimecode]", clip.end_timecode.as_ref(), Timecode::parse, TIMECODE);
    let clip = Clip { start, end };
    // Nothing is known of the film yet; it may still turn out to be shorter.
    if end.is_some() && clip.span(None, u64::MAX).is_err() {
        let detail = "The end of the clip must come after its start.";
        faults.0.push(ApiError::invalid_attribute("clip[endTimecode]", detail));
    }
    (start.is_some() || end.is_some()).then_some(clip)
}

fn read_mark(mark: &MarkBody, faults: &mut Faults) -> Option<Mark> {
    let place = Placement {
        top: faults.read("watermark[top]", mark.top.as_ref(), Length::parse, LENGTH),
        left: faults.read("watermark[left]", mark.left.as_ref(), Length::parse, LENGTH),
        bottom: faults.read("watermark[bottom]", mark.bottom.as_ref(), Length::parse, LENGTH),
        right: faults.read("watermark[right]", mark.right.as_ref(), Length::parse, LENGTH),
        width: faults.read("watermark[width]", mark.width.as_ref(), Extent::parse, EXTENT),
        height: faults.read("watermark[height]", mark.height.as_ref(), Extent::parse, EXTENT),
        opacity: faults.read("watermark[opacity]", mark.opacity.as_ref(), Opacity::parse, OPACITY).unwrap_or_default(),
    };
    if mark.id.is_none() {
        faults.0.push(ApiError::attribute_required("watermark[id]"));
    }
    let id = faults.read("watermark[id]", mark.id.as_ref(), |id| id.parse().ok(), NO_WATERMARK);
    id.map(|watermark| Mark { watermark, place })
}

struct Faults(Vec<ApiError>);

impl Faults {
    fn read<T>(
        &mut self,
        name: &'static str,
        text: Option<&String>,
        parse: impl FnOnce(&str) -> Option<T>,
        detail: &'static str,
    ) -> Option<T> {
        let text = text?;
        let read = parse(text);
        if read.is_none() {
            self.0.push(ApiError::invalid_attribute(name, detail));
        }
        read
    }
}
