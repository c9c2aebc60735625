//! Does it take longer to refuse a forgery that is nearly right? Welch's t of two interleaved classes of forged handles:
//! one wrong in the first byte of the MAC, one in a late one. Median of several rounds; below 4.5 nothing can be told. A comparison that gives up at the
//! first difference is measured the same way, to show that the measure would see one.

use std::hint::black_box;

use admit_domain::{
    bound::Bound,
    gate::Gate,
    handle::{BoundValues, HANDLE_CHARS, Handle, Rights},
    id::{SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    revocation::Revoked,
    secret::Secret,
    time::Timestamp,
};

use crate::{gate::NOBODY, median, seconds};

const SAMPLES: u32 = 200_000;
/// A round may have the machine against it.
const ROUNDS: u32 = 5;
const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
/// Where the 16 bytes of the MAC begin: 29 bytes of fields are 38 characters and two thirds of one.
const MAC_AT: usize = 39;
/// By these a gate finds the place where it remembers a handle.
const TAIL_CHARS: usize = 8;
/// What an early exit is looked for in: long enough that a clock of nanoseconds sees it.
const LONG: usize = 4_096;

pub(crate) fn run() {
    let keys = DeliveryKeys::new(DeliveryKey::new(1, &Secret::new([7; 32])), None);
    let video = VideoId::from_random([9; 22]);
    // Many of each class, and the same tails in both, so that no place in memory stands for a class.
    let of = |number: u8, at: usize| {
        let handle = Handle {
            session: SessionId::from_bytes([number; SessionId::LEN]),
            video,
            begun_at: NOW,
            not_after: NOW.plus(std::time::Duration::from_hours(1)),
            rights: Rights::ALL,
            bound: Bound::default(),
        };
        forged(&handle.mint(&BoundValues::default(), &keys), at)
    };
    let forged = [MAC_AT, HANDLE_CHARS - TAIL_CHARS - 1]
        .map(|at| (0..=u8::MAX).map(|number| of(number, at)).collect::<Vec<_>>());
    let gate = Gate::new(keys.clone(), Revoked::default());
    let told = welch(|class, number| {
        let _ = black_box(gate.open(black_box(&forged[class][number]), &video, &NOBODY, NOW));
    });
    println!("refuse a forged handle, first byte against a late one |t| {told:>8.1}");

    let (secret, mut early) = (vec![7_u8; LONG], vec![7_u8; LONG]);
    early[0] = 0;
    let mut late = secret.clone();
    late[LONG - 1] = 0;
    let guesses = [early, late];
    let told = welch(|class, _| {
        let _ = black_box(gives_up_early(black_box(&secret), black_box(&guesses[class])));
    });
    println!("control: a comparison that gives up early             |t| {told:>8.1}");
}

fn forged(right: &str, at: usize) -> String {
    let mut bytes = right.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap_or_default()
}

fn gives_up_early(one: &[u8], other: &[u8]) -> bool {
    for (one, other) in one.iter().zip(other) {
        if black_box(one) != black_box(other) {
            return false;
        }
    }
    true
}

fn welch(mut work: impl FnMut(usize, usize)) -> f64 {
    median((0..ROUNDS).map(|_| round(&mut work)).collect())
}

/// The absolute t of the two classes, each without its slowest tenth: those were interrupted.
fn round(work: &mut impl FnMut(usize, usize)) -> f64 {
    let mut classes = [Vec::new(), Vec::new()];
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..SAMPLES {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let class = usize::from(dice >> 63 == 1);
        let number = usize::from(dice.to_be_bytes()[1]);
        classes[class].push(seconds(|| work(class, number)).0 * 1e9);
    }
    let [one, other] = classes.map(moments);
    ((one.mean - other.mean) / (one.error + other.error).sqrt()).abs()
}

struct Moments {
    mean: f64,
    /// The variance of the mean.
    error: f64,
}

fn moments(mut figures: Vec<f64>) -> Moments {
    figures.sort_by(f64::total_cmp);
    figures.truncate(figures.len() / 10 * 9);
    let count = f64::from(u32::try_from(figures.len()).unwrap_or(u32::MAX));
    let mean = figures.iter().sum::<f64>() / count;
    let variance = figures.iter().map(|figure| (figure - mean).powi(2)).sum::<f64>() / (count - 1.0);
    Moments { mean, error: variance / count }
}
