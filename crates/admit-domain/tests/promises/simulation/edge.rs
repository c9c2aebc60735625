//! An edge: it follows the feed with the real view, and judges requests with the real gate.

use std::{cell::RefCell, io, rc::Rc, time::Duration};

use admit_domain::{
    asset::Asset,
    gate::{Ask, Carriage, Gate},
    key::{DeliveryKey, DeliveryKeys},
    revocation::{Revoked, Seq},
    rules::{Rules, Visitor},
    secret::Secret,
    time::Timestamp,
    video::{Ingest, OnStale, Published, Shelf, Visibility},
    view::{Conversation, View},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use tokio::{
    io::{AsyncWriteExt, BufReader},
    task::spawn_local,
    time::{sleep, timeout},
};
use turmoil::net::TcpListener;

use super::{
    Flaw,
    truth::{OPEN_VIDEO, STALE_AFTER, Truth, VIDEOS, project_id, video_id},
    wire::{self, Event, PORT},
};

/// Who hears nothing for so long asks anew.
const SILENCE: Duration = Duration::from_millis(1_500);

struct Edge {
    number: usize,
    truth: Rc<Truth>,
    booted_at: Timestamp,
    view: RefCell<View>,
    /// None until keys have come.
    gate: RefCell<Option<Gate>>,
    /// The next request is for a snapshot.
    has_gap: RefCell<bool>,
}

pub(super) async fn run(number: usize, truth: Rc<Truth>) -> turmoil::Result {
    let forgets = truth.flaw == Some(Flaw::ForgetsAtRestart);
    let kept = if forgets { Revoked::default() } else { truth.disks.borrow()[number].clone() };
    let view = RefCell::new(View::new(kept, STALE_AFTER));
    let booted_at = truth.clock_of(number);
    let (gate, has_gap) = (RefCell::default(), RefCell::new(false));
    let edge = Rc::new(Edge { number, truth, booted_at, view, gate, has_gap });
    // An edge keeps its keys as well, so it can judge by what it kept.
    edge.keys(1, &super::truth::KEY);
    let follower = edge.clone();
    spawn_local(async move {
        loop {
            // Whatever ended the conversation, the next begins soon.
            let _ = follower.follow().await;
            // sleep: simulated time only
            sleep(Duration::from_millis(100)).await;
        }
    });
    let listener = TcpListener::bind(("0.0.0.0", PORT)).await?;
    loop {
        let (mut stream, _) = listener.accept().await?;
        let edge = edge.clone();
        spawn_local(async move {
            let request = wire::read_request(&mut stream).await?;
            let status = edge.judge(&request.path);
            wire::answer(&mut stream, status, "").await
        });
    }
}

impl Edge {
    fn now(&self) -> Timestamp {
        self.truth.clock_of(self.number)
    }

    fn keys(&self, id: u8, secret: &[u8; 32]) {
        let mut gate = self.gate.borrow_mut();
        if gate.is_none() {
            let keys = DeliveryKeys::new(DeliveryKey::new(id, &Secret::new(*secret)), None);
            *gate = Some(Gate::new(keys, self.view.borrow().revoked().clone()));
        }
    }

    async fn follow(self: &Rc<Self>) -> io::Result<()> {
        let known = self.view.borrow().revoked().seq;
        let resumes = known > Seq(0) && !self.has_gap.replace(false);
        let last_event = if resumes { format!("Last-Event-ID: {}\r\n", known.0) } else { String::new() };
        let mut talk = Conversation::asked(self.now());
        let mut stream = wire::connect("control").await?;
        stream.write_all(format!("GET /internal/edge/feed HTTP/1.1\r\n{last_event}\r\n").as_bytes()).await?;
        let mut feed = BufReader::new(stream);
        while let Some(event) = timeout(SILENCE, wire::next_event(&mut feed)).await?? {
            if !self.take(&event, &mut talk) {
                break;
            }
        }
        Ok(())
    }

    /// The disk has it first, then the gate judges by it, then the control plane is told. `false` ends the conversation.
    fn take(self: &Rc<Self>, event: &Event, talk: &mut Conversation) -> bool {
        let mut next = self.view.borrow().clone();
        let is_new = match event.name.as_str() {
            "keys" => {
                let secret =
                    event.data["delivery"][0]["secret"].as_str().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
                if let Some(secret) = secret.and_then(|secret| secret.try_into().ok()) {
                    self.keys(1, &secret);
                }
                Ok(false)
            }
            "snapshot" => {
                let entries = event.data["entries"].as_array().cloned().unwrap_or_default();
                let subjects = entries.iter().filter_map(|entry| wire::subject_of(entry.as_array()?));
                next.snapshot(Revoked::of(Seq(event.data["seq"].as_i64().unwrap_or(0)), subjects));
                Ok(true)
            }
            "entry" => wire::entry_of(&event.data).map_or(Ok(false), |entry| next.entry(entry)),
            "heartbeat" => {
                let (head, theirs) = (event.data["seq"].as_i64(), event.data["now"].as_i64());
                let theirs = Timestamp::from_millis(theirs.unwrap_or(0));
                next.heartbeat(talk, Seq(head.unwrap_or(0)), theirs, self.now()).map(|()| false)
            }
            _ => Ok(false),
        };
        let Ok(is_new) = is_new else {
            self.has_gap.replace(true);
            return false;
        };
        self.truth.disks.borrow_mut()[self.number] = next.revoked().clone();
        let gate = self.gate.take();
        self.gate.replace(gate.map(|gate| gate.with_revoked(next.revoked().clone()).fresh_until(next.fresh_until())));
        let (seq, is_fresh) = (next.revoked().seq, self.now() < next.fresh_until());
        self.view.replace(next);
        if is_new {
            let body = json!({"edge": self.number, "seq": seq.0}).to_string();
            spawn_local(async move { wire::ask("control", "POST", "/internal/edge/applied", &body).await });
        }
        is_fresh || event.name != "heartbeat"
    }

    /// The status for `/s/<handle>/<video>/…` and `/u/<signature>/<video>/…`.
    fn judge(&self, path: &str) -> u16 {
        let mut parts = path.split('/').skip(1);
        let (Some(kind), Some(text), Some(video)) = (parts.next(), parts.next(), parts.next()) else { return 404 };
        let Some(video) = (0..VIDEOS).find(|known| video_id(*known).as_str() == video) else { return 404 };
        let Some(gate) = self.gate.borrow().clone() else { return 503 };
        let gate =
            if self.truth.flaw == Some(Flaw::IgnoresStaleness) { gate.fresh_until(Timestamp::END) } else { gate };
        let now = self.now();
        let then = if self.truth.flaw == Some(Flaw::IgnoresExpiry) { self.booted_at } else { now };
        let carriage = if kind == "s" { Carriage::Handle(text) } else { Carriage::Signed(text) };
        let visitor = Visitor { ip: None, origin: None, referrer: None, agent: "", country_of: &|_| None };
        let ask = Ask { video: video_id(video), asset: Asset::HlsMaster, carriage, visitor };
        let admitted = gate.admit(&ask, then).map_err(Into::into);
        match admitted.and_then(|admitted| gate.under(admitted, &facts(video), &visitor, now)) {
            Ok(_) => {
                self.truth.serves(self.number, text, video);
                200
            }
            Err(fault) => {
                self.truth.refused.set(self.truth.refused.get() + 1);
                fault.denial.status()
            }
        }
    }
}

fn facts(video: u8) -> Published {
    Published {
        project: project_id(video),
        visibility: Visibility::Private,
        mp4_support: true,
        ingest: Ingest::Ingested,
        shelf: Shelf::default(),
        texts: Vec::new(),
        rules: Rules::default(),
        has_open_poster: false,
        token_access: true,
        on_stale: if video == OPEN_VIDEO { OnStale::Open } else { OnStale::Closed },
        encryption: None,
    }
}
