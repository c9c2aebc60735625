//! The jail every media program runs in: which layers, which bounds, and how both are told to the launcher.
//!
//! Confinement without unsafe code needs a process of its own: our binary starts itself as the launcher, which
//! confines itself (see [`enter`]) and then becomes the program. The launcher must be single-threaded, so the
//! binary's `main` calls [`enter`] before anything else.

use std::{ffi::OsString, path::PathBuf};

use crate::limits::Bounds;

mod enter;
mod files;
mod syscalls;

pub use enter::enter;

/// What the launcher exits with when it did not start the program. No media program uses it.
pub const EXIT_REFUSED: u8 = 125;

/// The setting that lets media programs run where the kernel has no Landlock. Off unless an operator turns it on.
pub const UNCONFINED_SETTING: &str = "media.allow_unconfined";

/// How media programs are confined on this machine.
#[derive(Clone, Debug)]
pub struct Jail {
    /// The program that calls [`enter`]: our own binary.
    pub launcher: PathBuf,
    /// What it must be given first, such as its hidden subcommand.
    pub launcher_args: Vec<OsString>,
    /// Run even where the kernel cannot confine; see [`UNCONFINED_SETTING`].
    pub allow_unconfined: bool,
    pub layers: Layers,
}

impl Jail {
    /// The only jail the product builds: every layer on.
    pub fn new(launcher: PathBuf, launcher_args: Vec<OsString>) -> Self {
        Self { launcher, launcher_args, allow_unconfined: false, layers: Layers::all() }
    }
}

/// One independent reason why a hostile file cannot reach anything but itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Only listed containers and codecs are opened, so a playlist is never read as one.
    Formats,
    /// Only `file` addresses are opened, so nothing is fetched.
    Protocols,
    /// The kernel shows the program its libraries, its input and its scratch folder, and nothing else.
    Landlock,
    /// The kernel refuses sockets, new processes and every call that reaches past the program itself.
    Seccomp,
    /// The program has no network interface.
    Network,
    /// The input is a nameless descriptor, so there is no extension to believe and no folder to have siblings in.
    Descriptor,
}

impl Layer {
    pub const ALL: [Self; 6] =
        [Self::Formats, Self::Protocols, Self::Landlock, Self::Seccomp, Self::Network, Self::Descriptor];

    const fn name(self) -> &'static str {
        match self {
            Self::Formats => "formats",
            Self::Protocols => "protocols",
            Self::Landlock => "landlock",
            Self::Seccomp => "seccomp",
            Self::Network => "network",
            Self::Descriptor => "descriptor",
        }
    }
}

/// The layers in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layers(Vec<Layer>);

impl Layers {
    pub fn all() -> Self {
        Self(Layer::ALL.to_vec())
    }

    /// For tests only, which must show that each layer holds without the others and that an attack works without any.
    pub fn without(removed: &[Layer]) -> Self {
        Self(Layer::ALL.into_iter().filter(|layer| !removed.contains(layer)).collect())
    }

    pub fn has(&self, layer: Layer) -> bool {
        self.0.contains(&layer)
    }
}

/// What the launcher is told before the program's own arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Orders {
    allow_unconfined: bool,
    layers: Layers,
    address_space_bytes: u64,
    cpu_seconds: u64,
    file_bytes: u64,
}

/// Stands between the launcher's orders and the program.
const END_OF_ORDERS: &str = "--";

impl Orders {
    fn new(jail: &Jail, bounds: &Bounds) -> Self {
        Self {
            allow_unconfined: jail.allow_unconfined,
            layers: jail.layers.clone(),
            address_space_bytes: bounds.address_space_bytes,
            cpu_seconds: bounds.cpu_seconds,
            file_bytes: bounds.file_bytes,
        }
    }

    fn to_args(&self) -> Vec<OsString> {
        let layers: Vec<_> = self.layers.0.iter().map(|layer| layer.name()).collect();
        let orders = [
            format!("layers={}", layers.join(",")),
            format!("allow-unconfined={}", self.allow_unconfined),
            format!("address-space={}", self.address_space_bytes),
            format!("cpu={}", self.cpu_seconds),
            format!("file={}", self.file_bytes),
        ];
        orders.into_iter().map(OsString::from).chain([END_OF_ORDERS.into()]).collect()
    }

    /// Reads the orders off the front; every one must be there, in order, or none is believed.
    fn take(args: &mut impl Iterator<Item = OsString>) -> Option<Self> {
        let mut value = |key: &str| args.next()?.to_str()?.strip_prefix(key)?.strip_prefix('=').map(str::to_owned);
        let names = value("layers")?;
        let find = |name: &str| Layer::ALL.into_iter().find(|layer| layer.name() == name);
        let layers: Option<Vec<_>> = names.split(',').filter(|name| !name.is_empty()).map(find).collect();
        let orders = Self {
            layers: Layers(layers?),
            allow_unconfined: value("allow-unconfined")?.parse().ok()?,
            address_space_bytes: value("address-space")?.parse().ok()?,
            cpu_seconds: value("cpu")?.parse().ok()?,
            file_bytes: value("file")?.parse().ok()?,
        };
        (args.next()? == END_OF_ORDERS).then_some(orders)
    }
}

impl Jail {
    /// The launcher's whole argument list, up to and including the mark behind which the program stands.
    pub(crate) fn launcher_argv(&self, bounds: &Bounds) -> Vec<OsString> {
        self.launcher_args.iter().cloned().chain(Orders::new(self, bounds).to_args()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orders(layers: Layers) -> Orders {
        Orders { allow_unconfined: true, layers, address_space_bytes: 1, cpu_seconds: 2, file_bytes: u64::MAX }
    }

    #[test]
    fn orders_arrive_as_they_were_given() {
        for layers in [Layers::all(), Layers::without(&[Layer::Seccomp]), Layers::without(&Layer::ALL)] {
            let given = orders(layers);
            let mut args = given.to_args().into_iter().chain(["program".into()]);
            assert_eq!(Orders::take(&mut args), Some(given));
            assert_eq!(args.next(), Some("program".into()));
        }
    }

    #[test]
    fn incomplete_orders_are_no_orders() {
        let whole = orders(Layers::all()).to_args();
        for missing in 0..whole.len() {
            let mut args = whole.clone();
            args.remove(missing);
            assert_eq!(Orders::take(&mut args.into_iter().chain(["program".into()])), None, "without {missing}");
        }
        let mut args = whole;
        args[0] = "layers=landlock,magic".into();
        assert_eq!(Orders::take(&mut args.into_iter()), None);
    }
}
