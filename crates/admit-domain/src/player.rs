//! A player theme: how the embed page looks, and what it lets a viewer do.

use crate::{
    id::{PlayerId, ProjectId},
    object_key::{Edition, ObjectKey},
    time::Timestamp,
};

/// The parts of the page that have a colour, by api.video's names.
pub const PARTS: [&str; 10] = [
    "text",
    "link",
    "linkHover",
    "linkActive",
    "trackPlayed",
    "trackUnplayed",
    "trackBackground",
    "backgroundTop",
    "backgroundBottom",
    "backgroundText",
];

const WHITE: &str = "rgba(255, 255, 255, 1)";
const SHADE: &str = "rgba(0, 0, 0, .7)";

/// The colours of a page for which nobody chose any, in the order of [`PARTS`].
const COLOURS: [&str; PARTS.len()] = [
    WHITE,
    WHITE,
    WHITE,
    WHITE,
    "rgba(88, 131, 255, .95)",
    "rgba(255, 255, 255, .35)",
    "rgba(255, 255, 255, .2)",
    SHADE,
    SHADE,
    WHITE,
];

/// What the customer says about a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "five switches that have nothing to do with each other")]
pub struct Theme {
    /// Empty when it has none.
    pub name: String,
    /// In the order of [`PARTS`], each as it was written.
    pub colours: [String; PARTS.len()],
    /// May the page around the frame steer the player?
    pub enable_api: bool,
    pub enable_controls: bool,
    pub force_autoplay: bool,
    pub hide_title: bool,
    pub force_loop: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            name: String::new(),
            colours: COLOURS.map(str::to_owned),
            enable_api: true,
            enable_controls: true,
            force_autoplay: false,
            hide_title: false,
            force_loop: false,
        }
    }
}

/// A theme of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Player {
    pub id: PlayerId,
    pub project: ProjectId,
    pub theme: Theme,
    pub logo: Option<Logo>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A picture in the corner of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    pub edition: Edition,
    /// Where a click on it leads.
    pub link: Option<String>,
}

impl Logo {
    pub const fn key(&self, player: PlayerId) -> ObjectKey {
        ObjectKey::Logo { player, edition: self.edition }
    }
}

/// What the embed page is told of a video beside its media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    pub title: String,
    pub panoramic: bool,
    /// None looks as the house does.
    pub player: Option<Player>,
}

/// `rgba(255, 255, 255, .95)`: what a page can be given as a colour without a look at what else it says.
pub fn is_colour(text: &str) -> bool {
    let Some(inside) = text.strip_prefix("rgba(").and_then(|rest| rest.strip_suffix(')')) else { return false };
    let mut numbers = inside.split(',').map(str::trim);
    let mut light = || numbers.next().is_some_and(|number| digits(number, 1..=3) && number.parse::<u8>().is_ok());
    light() && light() && light() && numbers.next().is_some_and(is_opacity) && numbers.next().is_none()
}

/// From 0 to 1: `0`, `1`, `.5`, `0.5`, `1.0`.
fn is_opacity(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = matches!(whole, "" | "0" | "1") && digits(fraction, 1..=6);
    is_number && (whole != "1" || fraction.bytes().all(|digit| digit == b'0')) && !text.is_empty()
}

fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_numbers_and_nothing_else() {
        let theme = Theme::default();
        let others = ["rgba(0,0,0,0)", "rgba(1, 22, 255, 0.125)", "rgba(0, 0, 0, 1.0)", "rgba( 0 , 0 , 0 , .0 )"];
        for colour in theme.colours.iter().map(String::as_str).chain(others) {
            assert!(is_colour(colour), "{colour}");
        }
        for other in [
            "",
            "red",
            "#fff",
            "rgb(0, 0, 0)",
            "rgba(0, 0, 0)",
            "rgba(0, 0, 0, 0, 0)",
            "rgba(256, 0, 0, 1)",
            "rgba(-1, 0, 0, 1)",
            "rgba(+1, 0, 0, 1)",
            "rgba(0, 0, 0, 1.5)",
            "rgba(0, 0, 0, 2)",
            "rgba(0, 0, 0, )",
            "rgba(0, 0, 0, .)",
            "rgba(0, 0, 0, 1);background:url(x)",
            "rgba(0, 0, 0, var(--x))",
        ] {
            assert!(!is_colour(other), "{other}");
        }
    }
}
