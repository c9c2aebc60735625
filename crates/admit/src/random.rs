//! The one place where chance is drawn, from the operating system.

/// `N` random bytes. It fails only where the system has no randomness to give, and then nothing secret may be made.
#[expect(clippy::disallowed_methods, reason = "this is the door through which chance comes in")]
pub fn fill<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(fill::<32>().unwrap(), fill::<32>().unwrap());
    }
}
