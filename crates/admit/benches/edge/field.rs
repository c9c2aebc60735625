//! Who takes part: ours in several roles, nginx without any check, and whoever else is installed.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use rustls::ClientConfig;

use crate::{
    client,
    house::{self, House, Program},
    loader::Request,
    machine::{Running, family},
    rivals::{self, Place, Tls, credential, floor, nginx},
    settings::Settings,
    workload::{ADDRESSES, Workload, shuffled},
};

pub(crate) const OURS: &str = "admit";
pub(crate) const OPEN: &str = "admit, public";
pub(crate) const REFUSING: &str = "admit, refusing";
pub(crate) const MIXED: &str = "admit, 1 in 10 refused";
pub(crate) const BASE: &str = nginx::FLAVOURS[0].name;
pub(crate) const SMALL: &str = nginx::FLAVOURS[1].name;
pub(crate) const SECURE_LINK: &str = nginx::FLAVOURS[2].name;
pub(crate) const NJS: &str = nginx::FLAVOURS[3].name;
pub(crate) const LUA: &str = nginx::FLAVOURS[4].name;
pub(crate) const HAPROXY: &str = "HAProxy";
pub(crate) const VARNISH: &str = "Varnish";
pub(crate) const TRAFFIC: &str = "Traffic Server";
pub(crate) const FLOOR: &str = "the kernel alone";

/// Distinct addresses for those who show something invalid.
const INVALID: usize = 10_000;
const STARTING: Duration = Duration::from_secs(20);

/// How often it takes its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// In every round of every cell.
    Contest,
    /// In every round of the first cell, and in some rounds of the others.
    Peer,
    /// Only in the first cell.
    Role,
}

/// Where one listens, and which processes do its work.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) address: SocketAddr,
    pub(crate) family: Vec<u32>,
}

/// The address of a workload's object, by the number of the address.
type Paths = Box<dyn Fn(&Workload, usize) -> Result<String>>;

/// How a rival is started.
type Start = fn(&Place<'_>) -> Result<Running>;

pub(crate) struct Entrant {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) part: Part,
    pub(crate) verifies: bool,
    pub(crate) plain: Option<Endpoint>,
    pub(crate) tls: Option<Endpoint>,
    path: Paths,
    tampered: fn(&str) -> String,
    /// Of so many requests one is invalid: 0 is none.
    invalid_of: usize,
}

impl Entrant {
    pub(crate) fn endpoint(&self, tls: bool) -> Option<&Endpoint> {
        if tls { self.tls.as_ref() } else { self.plain.as_ref() }
    }

    pub(crate) fn path(&self, workload: &Workload, number: usize) -> Result<String> {
        (self.path)(workload, number)
    }

    pub(crate) fn tampered(&self, workload: &Workload, number: usize) -> Result<String> {
        Ok((self.tampered)(&self.path(workload, number)?))
    }

    pub(crate) fn requests(&self, workload: &Workload, address: SocketAddr) -> Result<Vec<Request>> {
        let count = if self.invalid_of == 0 { ADDRESSES } else { INVALID };
        let one = |number: usize| {
            let good = self.invalid_of == 0 || !number.is_multiple_of(self.invalid_of);
            // The good ones are as few as ever; each bad one is met once.
            let path = if good {
                self.path(workload, number % ADDRESSES)
            } else {
                self.tampered(workload, ADDRESSES + number)
            };
            Ok(Request { bytes: client::request(address, &path?), good })
        };
        shuffled(count).into_iter().map(one).collect()
    }

    pub(crate) fn is_always_served(&self) -> bool {
        self.invalid_of == 0
    }
}

/// Everybody, while they run.
pub(crate) struct Field {
    pub(crate) entrants: Vec<Entrant>,
    /// Who is missing, and why.
    pub(crate) absent: Vec<(&'static str, String)>,
    pub(crate) trust: Arc<ClientConfig>,
    running: Vec<Running>,
}

impl Field {
    pub(crate) fn gather(settings: &Settings, house: &Arc<House>, folder: &Path) -> Result<Self> {
        let identity = Identity::make(folder)?;
        let mut field =
            Self { entrants: Vec::new(), absent: Vec::new(), trust: identity.trust.clone(), running: Vec::new() };
        field.ours(settings, house, folder, &identity)?;
        let files = folder.join("files");
        let mut origin = None;
        for flavour in &nginx::FLAVOURS {
            let place = Place {
                folder: &folder.join(flavour.name.replace(' ', "-")),
                files: &files,
                port: rivals::free_port()?,
                tls: Some(Tls { port: rivals::free_port()?, ..identity.files.clone() }),
                origin: SocketAddr::from(([127, 0, 0, 1], 0)),
            };
            let part = if [NJS, LUA].contains(&flavour.name) { Part::Peer } else { Part::Contest };
            std::fs::create_dir_all(place.folder)?;
            let started = nginx::start(flavour, &place);
            let what = (flavour.name, flavour.what, part, flavour.verifies, flavour.sign);
            field.rival(what, &place, started);
            if flavour.name == BASE {
                origin = field.entrants.last().filter(|last| last.name == BASE).and_then(|base| base.plain.clone());
            }
        }
        let reason = || format!("{BASE} is needed, and missing: {:?}", field.absent);
        let origin = origin.with_context(reason)?.address;
        let caches: [(&str, &str, Start, credential::Sign); 3] = [
            (
                HAPROXY,
                "HMAC-SHA256 by its converters; its cache before nginx",
                rivals::haproxy::start,
                credential::hmac_sha256,
            ),
            (
                VARNISH,
                "HMAC-SHA256 by its digest module; its cache before nginx",
                rivals::varnish::start,
                credential::hmac_sha256,
            ),
            (TRAFFIC, "HMAC-SHA1 by url_sig; its cache before nginx", rivals::traffic::start, credential::url_sig),
        ];
        for (name, what, start, sign) in caches {
            let folder = folder.join(name.replace(' ', "-"));
            std::fs::create_dir_all(&folder)?;
            let place = Place { folder: &folder, files: &files, port: rivals::free_port()?, tls: None, origin };
            let started = start(&place);
            field.rival((name, what, Part::Peer, true, sign), &place, started);
        }
        field.floor(house, &files)?;
        Ok(field)
    }

    /// Who is missing in the report has a reason there.
    fn rival(
        &mut self,
        (name, what, part, verifies, sign): (&'static str, &'static str, Part, bool, credential::Sign),
        place: &Place<'_>,
        started: Result<Running>,
    ) {
        let address = SocketAddr::from(([127, 0, 0, 1], place.port));
        let begun = started.and_then(|mut running| {
            wait_for(&mut running, address).with_context(|| rivals::last_words(place.folder))?;
            Ok(running)
        });
        let running = match begun {
            Ok(running) => running,
            Err(reason) => {
                self.absent.push((name, format!("{reason:#}")));
                return;
            }
        };
        let family = family(running.id());
        let endpoint = |address| Endpoint { address, family: family.clone() };
        let tls = place.tls.as_ref().map(|tls| endpoint(SocketAddr::from(([127, 0, 0, 1], tls.port))));
        let path: Paths = Box::new(move |workload, number| Ok(sign(&workload.object(number).file, number)));
        let plain = Some(endpoint(address));
        let tampered = credential::tampered;
        self.entrants.push(Entrant { name, what, part, verifies, plain, tls, path, tampered, invalid_of: 0 });
        self.running.push(running);
    }

    fn ours(&mut self, settings: &Settings, house: &Arc<House>, folder: &Path, identity: &Identity) -> Result<()> {
        let second = folder.join("data-tls");
        let _ = std::fs::remove_dir_all(&second);
        copy(&house.data, &second)?;
        let program = Program::start(&settings.program, &house.data, None)?;
        let files = (identity.files.chain.as_path(), identity.files.key.as_path());
        let with_tls = Program::start(&settings.program, &second, Some(files))?;
        for program in [&program, &with_tls] {
            program.running.settle()?;
        }
        let endpoint = |program: &Program| Endpoint { address: program.address, family: family(program.running.id()) };
        let (plain, tls) = (endpoint(&program), endpoint(&with_tls));
        let roles = [
            (OURS, "a handle on every request", Part::Contest, 0, true),
            (OPEN, "the same bytes of a public video, without a handle", Part::Role, 0, false),
            (REFUSING, "a forged handle on every request", Part::Role, 1, true),
            (MIXED, "every tenth handle is forged", Part::Role, 10, true),
        ];
        for (name, what, part, invalid_of, verifies) in roles {
            let house = house.clone();
            let path: Paths = if name == OPEN {
                Box::new(move |_, number| {
                    let object = house.open.object(number);
                    Ok(format!("/vod/{}{}", object.video, object.asset))
                })
            } else {
                Box::new(move |workload, number| house.path(workload, number))
            };
            let tls = (part == Part::Contest).then(|| tls.clone());
            let (plain, tampered) = (Some(plain.clone()), house::tampered as fn(&str) -> String);
            self.entrants.push(Entrant { name, what, part, verifies, plain, tls, path, tampered, invalid_of });
        }
        self.running.extend([program.running, with_tls.running]);
        Ok(())
    }

    fn floor(&mut self, house: &House, files: &Path) -> Result<()> {
        let samples: Vec<&str> = house.workloads.iter().map(|workload| workload.objects[0].file.as_str()).collect();
        let Ok(samples) = samples.try_into() else { bail!("the floor answers four workloads") };
        let (running, address) = floor::start(files, samples)?;
        self.entrants.push(Entrant {
            name: FLOOR,
            what: "reads nothing, answers the same; for the loader's sake",
            part: Part::Contest,
            verifies: false,
            plain: Some(Endpoint { address, family: vec![running.id()] }),
            tls: None,
            path: Box::new(|workload, number| Ok(workload.object(number).file.clone())),
            tampered: str::to_owned,
            invalid_of: 0,
        });
        self.running.push(running);
        Ok(())
    }

    pub(crate) fn processes(&self) -> Vec<u32> {
        self.running.iter().flat_map(|running| family(running.id())).collect()
    }
}

/// A certificate for loopback, and who trusts it.
struct Identity {
    files: Tls,
    trust: Arc<ClientConfig>,
}

impl Identity {
    fn make(folder: &Path) -> Result<Self> {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
        let files = Tls { port: 0, chain: folder.join("chain.pem"), key: folder.join("key.pem") };
        std::fs::write(&files.chain, made.cert.pem())?;
        std::fs::write(&files.key, made.signing_key.serialize_pem())?;
        let mut roots = rustls::RootCertStore::empty();
        roots.add(made.cert.der().clone())?;
        // One cipher, so that no server is measured with an easier one.
        let mut provider = rustls::crypto::aws_lc_rs::default_provider();
        provider.cipher_suites = vec![rustls::crypto::aws_lc_rs::cipher_suite::TLS13_AES_256_GCM_SHA384];
        let config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { files, trust: Arc::new(config) })
    }
}

#[expect(clippy::disallowed_methods, reason = "a server that does not start is waited for only so long")]
fn wait_for(running: &mut Running, address: SocketAddr) -> Result<()> {
    let begun = std::time::Instant::now();
    while begun.elapsed() < STARTING && !running.has_ended() {
        if std::net::TcpStream::connect(address).is_ok() {
            return Ok(());
        }
        // sleep: whether a port is open is polled, since nothing announces it
        std::thread::sleep(Duration::from_millis(20));
    }
    bail!("it did not start")
}

/// A second installation with the same contents.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    let mut folders = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = folders.pop() {
        for entry in std::fs::read_dir(&from)? {
            let entry = entry?;
            let target: PathBuf = to.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                std::fs::create_dir_all(&target)?;
                folders.push((entry.path(), target));
            } else {
                std::fs::copy(entry.path(), target)?;
            }
        }
    }
    Ok(())
}
