//! Why a piece of an upload is refused: api.video's catalogue, as far as it can be provoked.

/// Each is a slug of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RangeFault {
    #[error("The Content-Range header must be \"part <number>/<total>\" or \"bytes <first>-<last>/<total>\".")]
    Malformed,
    #[error("The upload was started with byte ranges; go on with those.")]
    StartedWithBytes,
    #[error("The upload was started with parts; go on with those.")]
    StartedWithParts,

    #[error("Parts are numbered from 1.")]
    PartZero,
    #[error("The total number of parts cannot be zero.")]
    TotalPartsZero,
    #[error("The part number is higher than the total.")]
    PartAboveTotal,
    #[error("The part number is higher than allowed.")]
    PartAboveAllowed,
    #[error("The total number of parts is higher than allowed.")]
    TotalPartsAboveAllowed,
    #[error("The total number of parts is lower than a part already sent.")]
    TotalPartsTooLow,
    #[error("The total number of parts differs from the one announced before.")]
    TotalPartsChanged,
    #[error("This part was already sent with other bytes.")]
    PartAlreadySent,
    #[error("A part that is not the last is smaller than allowed.")]
    PartTooSmall,

    #[error("The total number of bytes cannot be zero.")]
    TotalBytesZero,
    #[error("The total number of bytes is higher than allowed.")]
    TotalBytesAboveAllowed,
    #[error("The total number of bytes differs from the one announced before.")]
    TotalBytesChanged,
    #[error("The first byte of the range lies behind its last.")]
    FirstAboveLast,
    #[error("The last byte of the range lies behind the end of the file.")]
    LastAboveTotal,
    #[error("The last byte of the range is higher than allowed.")]
    LastAboveAllowed,
    #[error("The range overlaps one that was already sent.")]
    Overlap,
    #[error("The file has not as many bytes as the range says.")]
    Mismatch,
    #[error("The range is larger than allowed.")]
    RangeTooLarge,
    #[error("A range that is not the last is smaller than allowed.")]
    RangeTooSmall,
}

impl RangeFault {
    /// The last component of the problem's type.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Malformed => "video-content-range-malformed",
            Self::StartedWithBytes => "video-content-range-started-with-bytes",
            Self::StartedWithParts => "video-content-range-started-with-part",
            Self::PartZero => "video-content-range-by-part-part-zero",
            Self::TotalPartsZero => "video-content-range-by-part-total-parts-zero",
            Self::PartAboveTotal => "video-content-range-by-part-part-too-high-total",
            Self::PartAboveAllowed => "video-content-range-by-part-part-too-high-allowed",
            Self::TotalPartsAboveAllowed => "video-content-range-by-part-total-parts-too-high",
            Self::TotalPartsTooLow => "video-content-range-by-part-total-parts-too-low",
            Self::TotalPartsChanged => "video-content-range-by-part-different-total-parts",
            Self::PartAlreadySent => "video-content-range-by-part-part-already-sent",
            Self::PartTooSmall => "video-content-range-by-part-uploaded-file-too-small",
            Self::TotalBytesZero => "video-content-range-by-bytes-total-bytes-zero",
            Self::TotalBytesAboveAllowed => "video-content-range-by-bytes-total-bytes-too-high",
            Self::TotalBytesChanged => "video-content-range-by-bytes-different-total-bytes",
            Self::FirstAboveLast => "video-content-range-by-bytes-from-byte-too-high",
            Self::LastAboveTotal => "video-content-range-by-bytes-to-byte-too-high-total",
            Self::LastAboveAllowed => "video-content-range-by-bytes-to-byte-too-high-allowed",
            Self::Overlap => "video-content-range-by-bytes-range-overlap",
            Self::Mismatch => "video-content-range-by-bytes-range-mismatch",
            Self::RangeTooLarge => "video-content-range-by-bytes-range-too-large",
            Self::RangeTooSmall => "video-content-range-by-bytes-range-too-small",
        }
    }
}
