//! The one place where chance is drawn, from the operating system.

use std::cell::RefCell;

/// `N` random bytes. It fails only where the system has no randomness to give, and then nothing secret may be made.
#[expect(clippy::disallowed_methods, reason = "this is the door through which chance comes in")]
pub fn fill<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Bytes that a thread draws at once for what needs many small names.
const POOL_BYTES: usize = 4_096;

struct Pool {
    bytes: [u8; POOL_BYTES],
    used: usize,
}

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; POOL_BYTES], used: POOL_BYTES }) };
}

/// The same, drawn from a pool of this thread's. For names that are shown to everybody; never for secrets, which would
/// have lain in memory before their time.
pub fn pooled<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    const { assert!(N <= POOL_BYTES, "more than the pool holds") };
    POOL.with_borrow_mut(|pool| {
        if pool.used > POOL_BYTES - N {
            pool.bytes = fill()?;
            pool.used = 0;
        }
        let mut drawn = [0; N];
        drawn.copy_from_slice(&pool.bytes[pool.used..pool.used + N]);
        pool.used += N;
        Ok(drawn)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const DRAWS: usize = 1_000_000;
    /// Chi-square of 255 degrees of freedom exceeds this once in some hundred million times.
    const CHI_SQUARE_MAX: f64 = 400.0;

    /// How unevenly bytes are spread.
    fn chi_square(counts: &[u32; 256]) -> f64 {
        let expected = counts.iter().copied().map(f64::from).sum::<f64>() / 256.0;
        counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
    }

    /// T44: a million secrets, no two alike, and no byte more likely than another; and the measure sees a bit that sticks.
    #[test]
    fn a_million_draws_are_spread_evenly() {
        let (mut seen, mut counts, mut stuck) = (HashSet::with_capacity(DRAWS), [0; 256], [0; 256]);
        for _ in 0..DRAWS {
            let draw = fill::<32>().unwrap();
            assert!(seen.insert(draw), "the same secret twice");
            for byte in draw {
                counts[usize::from(byte)] += 1;
                stuck[usize::from(byte & 0xfe)] += 1;
            }
        }
        assert!(chi_square(&counts) < CHI_SQUARE_MAX, "{}", chi_square(&counts));
        assert!(chi_square(&stuck) > CHI_SQUARE_MAX);
    }

    #[test]
    fn a_pool_gives_no_byte_twice() {
        let mut seen = HashSet::new();
        for _ in 0..POOL_BYTES {
            assert!(seen.insert(pooled::<22>().unwrap()), "the same name twice");
        }
        assert_ne!(pooled::<POOL_BYTES>().unwrap(), pooled::<POOL_BYTES>().unwrap());
    }
}
