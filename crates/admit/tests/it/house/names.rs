//! A name server whose answers a story writes, and which remembers what it was asked.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use hickory_proto::{
    op::{Message, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, AAAA, CNAME},
    },
};
use tokio::{net::UdpSocket, task::JoinSet};

/// A name, and its answers in the order they are given; the last is given for ever. What is no address is another name.
pub(crate) type Zone = &'static [(&'static str, &'static [&'static [&'static str]])];

pub(crate) struct Names {
    pub(crate) address: SocketAddr,
    /// Names that were asked for, by their IPv4 addresses.
    asked: Arc<Mutex<Vec<String>>>,
    _serving: JoinSet<()>,
}

impl Names {
    pub(crate) async fn open(zone: Zone) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let (address, asked) = (socket.local_addr().unwrap(), Arc::default());
        let mut serving = JoinSet::new();
        serving.spawn(serve(socket, zone, Arc::clone(&asked)));
        Self { address, asked, _serving: serving }
    }

    pub(crate) fn asked_for(&self, name: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| *asked == name).count()
    }
}

async fn serve(socket: UdpSocket, zone: Zone, asked: Arc<Mutex<Vec<String>>>) {
    let mut buffer = [0; 1_500];
    let mut given = BTreeMap::new();
    loop {
        let Ok((bytes, from)) = socket.recv_from(&mut buffer).await else { continue };
        let Ok(query) = Message::from_vec(&buffer[..bytes]) else { continue };
        let Some(question) = query.queries.first() else { continue };
        let mut answer = Message::response(query.metadata.id, query.metadata.op_code);
        answer.add_query(question.clone());
        let kind = question.query_type();
        let name = question.name().to_ascii().trim_end_matches('.').to_ascii_lowercase();
        let is_first_family = kind == RecordType::A;
        if is_first_family {
            asked.lock().unwrap().push(name.clone());
        }
        if zone.iter().any(|(known, _)| *known == name) {
            answer.add_answers(records(zone, &name, kind, &mut given));
        } else {
            answer.metadata.response_code = ResponseCode::NXDomain;
        }
        // A client that has gone asks no more.
        let _ = socket.send_to(&answer.to_vec().unwrap(), from).await;
    }
}

fn records(zone: Zone, name: &str, kind: RecordType, given: &mut BTreeMap<(String, RecordType), usize>) -> Vec<Record> {
    let Some((_, answers)) = zone.iter().find(|(known, _)| *known == name) else { return Vec::new() };
    let turn = given.entry((name.to_owned(), kind)).or_default();
    let answer = answers[(*turn).min(answers.len() - 1)];
    *turn += 1;
    let owner = Name::from_ascii(format!("{name}.")).unwrap();
    let mut found = Vec::new();
    for text in answer {
        let data = match text.parse() {
            Ok(IpAddr::V4(v4)) if kind == RecordType::A => RData::A(A(v4)),
            Ok(IpAddr::V6(v6)) if kind == RecordType::AAAA => RData::AAAA(AAAA(v6)),
            Ok(_) => continue,
            Err(_) => {
                let alias = Name::from_ascii(format!("{text}.")).unwrap();
                found.push(Record::from_rdata(owner.clone(), 0, RData::CNAME(CNAME(alias))));
                if *text != name {
                    found.extend(records(zone, text, kind, given));
                }
                continue;
            }
        };
        found.push(Record::from_rdata(owner.clone(), 0, data));
    }
    found
}
