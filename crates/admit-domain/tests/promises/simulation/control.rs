//! The control plane: redeems, revokes, and tells edges. It may stop anywhere, for what counts is in the store.

use std::{io, rc::Rc, time::Duration};

use admit_domain::{
    id::SessionId,
    revocation::{Revoked, Seq, Subject},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, task::spawn_local, time::sleep};
use turmoil::net::{TcpListener, TcpStream};

use super::{
    truth::{KEY, Spent, Truth, now, project_id, video_id},
    wire::{self, PORT, Request},
};

const SESSION: Duration = Duration::from_hours(1);
const HEARTBEAT_TURNS: u32 = 5;

pub(super) async fn run(truth: Rc<Truth>) -> turmoil::Result {
    let listener = TcpListener::bind(("0.0.0.0", PORT)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let truth = truth.clone();
        spawn_local(async move {
            // A connection that breaks is the other side's business.
            let _ = serve(&truth, stream).await;
        });
    }
}

/// What happens between two statements in an unlucky hour: a while passes, or the request is lost.
async fn stumble(truth: &Truth) -> io::Result<()> {
    if truth.buggify() {
        // sleep: simulated time only
        sleep(Duration::from_millis(truth.chance.below(2_000))).await;
    }
    if truth.buggify() { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
}

async fn serve(truth: &Rc<Truth>, mut stream: TcpStream) -> io::Result<()> {
    let request = wire::read_request(&mut stream).await?;
    if request.path == "/internal/edge/feed" {
        return feed(truth, stream, request.last_event).await;
    }
    stumble(truth).await?;
    let body: Value = serde_json::from_str(&request.body)?;
    let (status, answer) = answer(truth, &request, &body);
    stumble(truth).await?;
    wire::answer(&mut stream, status, &answer).await
}

/// Each is one transaction.
fn answer(truth: &Truth, request: &Request, body: &Value) -> (u16, String) {
    let number = |name: &str| body[name].as_u64().unwrap_or(0);
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/session") => redeem(truth, number("token"), number("nonce"), number("video")),
        ("POST", "/revocations") => revoke(truth, body),
        ("POST", "/internal/edge/applied") => {
            let (edge, seq) = (usize::try_from(number("edge")).unwrap_or(0), Seq(body["seq"].as_i64().unwrap_or(0)));
            let applied = &mut truth.applied.borrow_mut()[edge];
            *applied = seq.max(*applied);
            (204, String::new())
        }
        _ => (404, String::new()),
    }
}

/// Whoever is first has the token; the same nonce has the same session again.
fn redeem(truth: &Truth, token: u64, nonce: u64, video: u64) -> (u16, String) {
    let mut tokens = truth.tokens.borrow_mut();
    let spent = tokens.entry(token).or_insert_with(|| {
        let (session, ends_at) = (SessionId::from_bytes(truth.chance.bytes()), now().plus(SESSION));
        let video = u8::try_from(video).unwrap_or(0);
        truth.begins(token, session);
        Spent { nonce, handle: truth.handle(video, session, now(), ends_at), session, ends_at }
    });
    if spent.nonce == nonce { (201, spent.handle.clone()) } else { (410, String::new()) }
}

fn revoke(truth: &Truth, body: &Value) -> (u16, String) {
    let number = body["id"].as_u64().unwrap_or(0);
    let video = u8::try_from(number).unwrap_or(0);
    let subject = match body["type"].as_str() {
        Some("video") => Some(Subject::VideoAccess { id: video_id(video), until: now() }),
        Some("project") => Some(Subject::ProjectAccess { id: project_id(video), until: now() }),
        _ => {
            let tokens = truth.tokens.borrow();
            tokens.get(&number).map(|spent| Subject::Session { id: spent.session, until: spent.ends_at })
        }
    };
    subject.map_or((404, String::new()), |subject| {
        truth.append(subject);
        (201, String::new())
    })
}

fn greeting(truth: &Truth, last_event: Option<i64>) -> (String, Seq) {
    let secret = URL_SAFE_NO_PAD.encode(KEY);
    let keys = wire::event("keys", None, &json!({"delivery": [{"id": 1, "secret": secret}]}));
    let log = truth.log.borrow();
    let head = log.last().map_or(Seq(0), |(last, _)| last.seq);
    if let Some(seq) = last_event.map(Seq).filter(|seq| *seq <= head) {
        return (keys, seq);
    }
    let revoked = Revoked::of(head, log.iter().map(|(entry, _)| entry.subject));
    let entries: Vec<Value> = revoked.subjects().map(|subject| wire::subject_value(&subject)).collect();
    (keys + &wire::event("snapshot", Some(head), &json!({"seq": head.0, "entries": entries})), head)
}

/// Everything new, and twice a second that there is no more.
async fn feed(truth: &Truth, mut stream: TcpStream, last_event: Option<i64>) -> io::Result<()> {
    let (text, mut told) = greeting(truth, last_event);
    stream.write_all(text.as_bytes()).await?;
    for turn in 0.. {
        let mut text = String::new();
        // In an unlucky hour the last few are told twice.
        let from = if truth.buggify() { Seq(told.0 - 2) } else { told };
        for (entry, _) in truth.log.borrow().iter().filter(|(entry, _)| entry.seq > from) {
            let subject = wire::subject_value(&entry.subject);
            let data = json!([entry.seq.0, subject[0], subject[1], subject[2]]);
            text += &wire::event("entry", Some(entry.seq), &data);
            told = told.max(entry.seq);
        }
        if turn % HEARTBEAT_TURNS == 0 {
            text += &wire::event("heartbeat", None, &json!({"seq": told.0, "now": now().as_millis()}));
        }
        if turn % HEARTBEAT_TURNS == 3 {
            stumble(truth).await?;
        }
        stream.write_all(text.as_bytes()).await?;
        // sleep: simulated time only
        sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}
