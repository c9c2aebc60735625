//! Places as customers write them, and where they are.

use super::*;
#[test]
fn lengths_are_read_strictly_and_written_as_they_are_read() {
    for (text, length) in [
        ("0px", Some(Length::Pixels(0))),
        ("10px", Some(Length::Pixels(10))),
        ("8192px", Some(Length::Pixels(8_192))),
        ("8193px", None),
        ("70%", Some(Length::Share(7_000))),
        ("12.5%", Some(Length::Share(1_250))),
        ("0.07%", Some(Length::Share(7))),
        ("100%", Some(Length::Share(10_000))),
        ("100.01%", None),
        ("12.505%", None),
        ("12.%", None),
        (".5%", None),
        ("%", None),
        ("px", None),
        ("", None),
        ("10", None),
        ("-10px", None),
        ("+10px", None),
        ("10.5px", None),
        ("10 px", None),
        ("10PX", None),
        ("10em", None),
        ("1e3px", None),
        ("\u{663}px", None),
        ("99999999999999px", None),
        ("initial", None),
    ] {
        let read = Length::parse(text);
        assert_eq!(read, length, "{text}");
        assert_eq!(read.and_then(|length| Length::parse(&length.to_string())), length, "{text}");
        assert_eq!(
            Extent::parse(text),
            if text == "initial" { Some(Extent::Initial) } else { length.map(Extent::Length) }
        );
    }
    for (text, percent) in
        [("0%", Some(0)), ("70%", Some(70)), ("100%", Some(100)), ("101%", None), ("70", None), ("70px", None)]
    {
        assert_eq!(Opacity::parse(text).map(Opacity::percent), percent, "{text}");
    }
}

/// Sides in the order top, left, bottom, right, width, height; empty where nothing is said.
fn lay([top, left, bottom, right, width, height]: [&str; 6], (wide, high): (u32, u32)) -> (i64, i64, u32, u32) {
    let placement = Placement {
        top: Length::parse(top),
        left: Length::parse(left),
        bottom: Length::parse(bottom),
        right: Length::parse(right),
        width: Extent::parse(width),
        height: Extent::parse(height),
        opacity: Opacity::default(),
    };
    let image = Image { format: Format::Png, width: wide, height: high };
    let Overlay { x, y, width, height, .. } = placement.lay((1_280, 720), &image);
    (x, y, width, height)
}

#[test]
fn every_place_is_where_it_says() {
    for (sides, expected) in [
        (["", "", "", "", "", ""], (0, 0, 200, 100)),
        (["10px", "20px", "", "", "", ""], (20, 10, 200, 100)),
        (["", "", "10px", "20px", "", ""], (1_060, 610, 200, 100)),
        (["10px", "", "", "20px", "", ""], (1_060, 10, 200, 100)),
        (["10px", "20px", "30px", "40px", "", ""], (20, 10, 200, 100)),
        (["50%", "25%", "", "", "", ""], (320, 360, 200, 100)),
        (["", "", "10px", "10px", "50%", ""], (630, 390, 640, 320)),
        (["", "", "0px", "0px", "", "50px"], (1_180, 670, 100, 50)),
        (["", "", "", "", "50%", "50%"], (0, 0, 640, 360)),
        (["", "", "", "", "initial", "initial"], (0, 0, 200, 100)),
        (["", "", "", "", "100px", "initial"], (0, 0, 100, 100)),
        (["", "", "", "", "initial", "10%"], (0, 0, 200, 72)),
        (["", "", "", "", "0px", ""], (0, 0, 1, 1)),
        (["100%", "100%", "", "", "", ""], (1_280, 720, 200, 100)),
        (["", "", "", "100%", "", ""], (-200, 0, 200, 100)),
        (["", "", "", "0px", "2000px", ""], (-720, 0, 2_000, 1_000)),
    ] {
        assert_eq!(lay(sides, (200, 100)), expected, "{sides:?}");
    }
}

#[test]
fn no_image_grows_without_bound() {
    let needle = (1, 8_000);
    assert_eq!(lay(["", "", "", "", "8192px", ""], needle), (0, 0, 8_192, 8_192));
    assert_eq!(lay(["", "", "", "", "", "1px"], needle), (0, 0, 1, 1));
    assert_eq!(lay(["", "", "", "", "50%", ""], (0, 0)), (0, 0, 640, 1));
}
