//! An image laid over a film: how its place is written, and where that is in pictures of a size.

use std::fmt;

use crate::{
    image::{Format, Image},
    limits::WATERMARK_SIDE_PIXELS_MAX,
};

/// A length as the customer writes it: `10px`, or a share of the film's picture such as `70%` or `12.5%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    Pixels(u32),
    /// In hundredths of a percent.
    Share(u32),
}

/// How wide or high the image is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// `initial`: as wide or high as the image is.
    Initial,
    Length(Length),
}

/// How much of the film the image hides, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opacity(u32);

/// Where an image is laid. Without distances that is the upper left corner; of two opposite ones the first counts.
/// A side without an extent follows the other, so that the image keeps its shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    pub top: Option<Length>,
    pub left: Option<Length>,
    pub bottom: Option<Length>,
    pub right: Option<Length>,
    pub width: Option<Extent>,
    pub height: Option<Extent>,
    pub opacity: Opacity,
}

/// An image laid over pictures of one size. Its corner may lie outside of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlay {
    pub format: Format,
    pub x: i64,
    pub y: i64,
    pub width: u32,
    pub height: u32,
    pub opacity: Opacity,
}

const WHOLE_SHARE: u32 = 10_000;

impl Length {
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(pixels) = text.strip_suffix("px") {
            return digits(pixels, 4).filter(|pixels| *pixels <= WATERMARK_SIDE_PIXELS_MAX).map(Self::Pixels);
        }
        let share = text.strip_suffix('%')?;
        let (whole, fraction) = share.split_once('.').unwrap_or((share, "0"));
        let fraction = digits(fraction, 2).and_then(|_| format!("{fraction:0<2}").parse::<u32>().ok())?;
        Some(digits(whole, 3)? * 100 + fraction).filter(|share| *share <= WHOLE_SHARE).map(Self::Share)
    }

    fn pixels(self, whole: u32) -> u32 {
        match self {
            Self::Pixels(pixels) => pixels,
            Self::Share(share) => scaled(whole, share, WHOLE_SHARE),
        }
    }
}

impl Extent {
    pub fn parse(text: &str) -> Option<Self> {
        if text == "initial" { Some(Self::Initial) } else { Length::parse(text).map(Self::Length) }
    }

    fn pixels(self, whole: u32, initial: u32) -> u32 {
        match self {
            Self::Initial => initial,
            Self::Length(length) => length.pixels(whole),
        }
    }
}

impl Opacity {
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_suffix('%').and_then(|percent| digits(percent, 3)).filter(|percent| *percent <= 100).map(Self)
    }

    pub const fn percent(self) -> u32 {
        self.0
    }
}

impl Default for Opacity {
    fn default() -> Self {
        Self(100)
    }
}

impl Placement {
    /// Where in a picture of that size the image is laid, and how large it is there.
    pub fn lay(&self, (wide, high): (u32, u32), image: &Image) -> Overlay {
        let width = self.width.map(|width| width.pixels(wide, image.width));
        let height = self.height.map(|height| height.pixels(high, image.height));
        let (width, height) = match (width, height) {
            (Some(width), Some(height)) => (width, height),
            (Some(width), None) => (width, scaled(image.height, width, image.width)),
            (None, Some(height)) => (scaled(image.width, height, image.height), height),
            (None, None) => (image.width, image.height),
        };
        let [width, height] = [width, height].map(|side| side.clamp(1, WATERMARK_SIDE_PIXELS_MAX));
        let x = corner(self.left, self.right, wide, width);
        let y = corner(self.top, self.bottom, high, height);
        Overlay { format: image.format, x, y, width, height, opacity: self.opacity }
    }
}

/// Where something as long as `own` begins on a side of the picture.
fn corner(near: Option<Length>, far: Option<Length>, whole: u32, own: u32) -> i64 {
    match (near, far) {
        (None, Some(far)) => i64::from(whole) - i64::from(own) - i64::from(far.pixels(whole)),
        (near, _) => near.map_or(0, |near| near.pixels(whole).into()),
    }
}

/// `pixels` × `over` ÷ `under`, to the nearest.
fn scaled(pixels: u32, over: u32, under: u32) -> u32 {
    let (over, under) = (u64::from(over), u64::from(under.max(1)));
    u32::try_from((u64::from(pixels) * over + under / 2) / under).unwrap_or(u32::MAX)
}

fn digits(text: &str, max: usize) -> Option<u32> {
    let is_number = (1..=max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// As it is read.
impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pixels(pixels) => write!(f, "{pixels}px"),
            Self::Share(share) => write!(f, "{}.{:02}%", share / 100, share % 100),
        }
    }
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Initial => f.write_str("initial"),
            Self::Length(length) => length.fmt(f),
        }
    }
}

impl fmt::Display for Opacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

#[cfg(test)]
mod tests;
