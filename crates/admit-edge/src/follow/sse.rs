//! Server-sent events, as far as the feed uses them (WHATWG HTML, "Server-sent events"): a line at a time, and bounded.

use admit_domain::limits::FEED_EVENT_BYTES_MAX;
use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};

/// One event. Its number is told with its data, so `id` is not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) data: String,
}

/// Why there is no next event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoEvent {
    /// The stream ended, or the line is dead.
    Ended,
    /// An event without end, or one that is not text.
    Unreadable,
}

/// Events from a stream of bytes, however these are cut.
pub(super) struct Events<S> {
    bytes: S,
    unread: BytesMut,
    /// So far `unread` is known to hold no end of a line.
    looked_at: usize,
    begun: Event,
}

impl<S, E> Events<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    pub(super) fn new(bytes: S) -> Self {
        Self { bytes, unread: BytesMut::new(), looked_at: 0, begun: Event::default() }
    }

    /// The next event that has data. May be dropped while it waits: nothing is lost by that.
    pub(super) async fn next(&mut self) -> Result<Event, NoEvent> {
        loop {
            while let Some(line) = self.line()? {
                if let Some(event) = self.take(&line) {
                    return Ok(event);
                }
            }
            if self.unread.len() + self.begun.data.len() > FEED_EVENT_BYTES_MAX {
                return Err(NoEvent::Unreadable);
            }
            match self.bytes.next().await {
                Some(Ok(bytes)) => self.unread.extend_from_slice(&bytes),
                _ => return Err(NoEvent::Ended),
            }
        }
    }

    fn line(&mut self) -> Result<Option<String>, NoEvent> {
        let Some(end) = self.unread[self.looked_at..].iter().position(|byte| *byte == b'\n') else {
            self.looked_at = self.unread.len();
            return Ok(None);
        };
        let line = self.unread.split_to(self.looked_at + end);
        self.unread.advance(1);
        self.looked_at = 0;
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        std::str::from_utf8(line).map(|line| Some(line.to_owned())).map_err(|_| NoEvent::Unreadable)
    }

    /// Reads a line; an empty one ends an event.
    fn take(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let event = std::mem::take(&mut self.begun);
            return (!event.data.is_empty()).then_some(event);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.begun.name),
            "data" => {
                if !self.begun.data.is_empty() {
                    self.begun.data.push('\n');
                }
                self.begun.data.push_str(value);
            }
            // A comment, an id, or what others may come to use.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    async fn read(text: &str, cut: usize) -> (Vec<Event>, NoEvent) {
        let pieces: Vec<Result<Bytes, ()>> =
            text.as_bytes().chunks(cut).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        let mut events = Events::new(stream::iter(pieces));
        let mut read = Vec::new();
        loop {
            match events.next().await {
                Ok(event) => read.push(event),
                Err(end) => return (read, end),
            }
        }
    }

    #[tokio::test]
    async fn events_are_read_however_they_are_cut() {
        let text = ": hello\n\nevent: keys\ndata: {\"a\":1}\n\nevent:entry\r\nid: 7\r\ndata:[7]\r\ndata: é\r\n\r\n\
                    event: nothing\n\nretry: 5\ndata: x\n\nevent: cut\ndata: of";
        let event = |name: &str, data: &str| Event { name: name.to_owned(), data: data.to_owned() };
        let expected = [event("keys", "{\"a\":1}"), event("entry", "[7]\né"), event("", "x")];
        for cut in 1..=text.len() {
            assert_eq!(read(text, cut).await, (expected.to_vec(), NoEvent::Ended), "{cut}");
        }
    }

    #[tokio::test]
    async fn what_is_too_long_or_no_text_is_unreadable() {
        let pieces = stream::iter(
            (0..=FEED_EVENT_BYTES_MAX / 1_048_576).map(|_| Ok::<_, ()>(Bytes::from(vec![b'x'; 1_048_576]))),
        );
        assert_eq!(Events::new(pieces).next().await, Err(NoEvent::Unreadable));
        let lines = stream::iter((0..=FEED_EVENT_BYTES_MAX / 65_536).map(|_| {
            let mut line = b"data: ".to_vec();
            line.resize(65_543, b'x');
            line.push(b'\n');
            Ok::<_, ()>(Bytes::from(line))
        }));
        assert_eq!(Events::new(lines).next().await, Err(NoEvent::Unreadable));
        let not_text = stream::iter([Ok::<_, ()>(Bytes::from_static(b"data: \xff\n\n"))]);
        assert_eq!(Events::new(not_text).next().await, Err(NoEvent::Unreadable));
    }
}
