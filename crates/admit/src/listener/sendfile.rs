//! Files that the system sends by itself: their bytes are not copied through us.

use std::{
    fs::File,
    future::poll_fn,
    io,
    ops::Range,
    os::unix::fs::FileExt as _,
    task::{Poll, ready},
};

use admit_domain::limits::OBJECT_SLICE_BYTES;
use rustix::fs::sendfile;
use tokio::net::TcpStream;

use super::stall::Stall;

/// The system sends a file by its pages.
const PAGE_BYTES: u64 = 4_096;

/// The bytes of a part that come before its first whole page. Sent with what goes before, they let all packets be as large as
/// packets may be: a packet is made of a few pages, and one more that is begun would not fit.
pub(super) fn lead(file: &File, part: &Range<u64>) -> io::Result<Vec<u8>> {
    let end = part.start.next_multiple_of(PAGE_BYTES).min(part.end);
    let mut lead = vec![0; usize::try_from(end - part.start).unwrap_or(0)];
    file.read_exact_at(&mut lead, part.start)?;
    Ok(lead)
}

/// Sends a part of a file.
pub(super) async fn send(stream: &mut Stall<TcpStream>, file: &File, part: Range<u64>) -> io::Result<()> {
    let mut at = part.start;
    poll_fn(|cx| {
        while at < part.end {
            let left = usize::try_from(part.end - at).unwrap_or(usize::MAX);
            let sent = ready!(stream.poll_call(cx, |peer| sendfile(peer, file, Some(&mut at), left)))?;
            // Objects never change; a shorter file is a broken disk's.
            if sent == 0 {
                tracing::error!(at, end = part.end, "an object is shorter than it was");
                return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
            }
        }
        Poll::Ready(Ok(()))
    })
    .await
}

/// A range in parts of which each is judged.
pub(super) fn slices(range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let Range { start, end } = range;
    (start..end)
        .step_by(usize::try_from(OBJECT_SLICE_BYTES).unwrap_or(usize::MAX))
        .map(move |from| from..end.min(from + OBJECT_SLICE_BYTES))
}
