//! The jail seen from inside: a small program tries every door, and a listener waits behind one of them.

use std::{
    fmt::Write as _,
    fs,
    io::ErrorKind,
    net::TcpListener,
    os::fd::{AsFd as _, AsRawFd as _, OwnedFd},
    process::Output,
};

use admit_media::jail::Layer;

use crate::support::{Bench, command};

/// Runs a script in the jail with a film as its input, and one stray descriptor lying open.
fn inside(bench: &Bench, layers: &[Layer], script: &str) -> Output {
    let names: Vec<_> = layers.iter().map(|layer| format!("{layer:?}").to_lowercase()).collect();
    let scratch = bench.scratch();
    fs::write(scratch.join("script.pl"), script).unwrap();
    let mut launcher = command(env!("CARGO_BIN_EXE_admit-jail"));
    launcher.arg(format!("layers={}", names.join(",")));
    launcher.args(["allow-unconfined=false", "address-space=2147483648", "cpu=60", "file=1000000", "--"]);
    launcher.args(["/usr/bin/perl", "script.pl"]).current_dir(&scratch);
    launcher.output().unwrap()
}

fn without(removed: Layer) -> Vec<Layer> {
    Layer::ALL.into_iter().filter(|layer| *layer != removed).collect()
}

/// Doors that stand open to every ordinary program, so that a closed one is the jail's doing.
fn ordinary_doors(bench: &Bench) -> Vec<(&'static str, String)> {
    let outside = bench.file("outside", "another tenant's");
    let outside = outside.display();
    vec![
        ("read a system file", "open(my $f, '<', '/etc/passwd')".into()),
        ("read another's file", format!("open(my $f, '<', '{outside}')")),
        ("write another's file", format!("open(my $f, '>>', '{outside}')")),
        ("make a file elsewhere", format!("open(my $f, '>', '{outside}.new')")),
        ("truncate another's file", format!("truncate('{outside}', 1)")),
        ("open up another's file", format!("chmod(0777, '{outside}')")),
        ("remove another's file", format!("link('{outside}', 'mine') || rename('{outside}', '{outside}2')")),
        ("look around", "opendir(my $d, '/')".into()),
        ("start a shell", "system('/bin/sh', '-c', 'exit 0') == 0".into()),
        ("divide", "my $p = fork(); exit 0 if defined $p && $p == 0; defined $p".into()),
        ("make a socket", "syscall(41, 2, 1, 0) >= 0".into()),
        ("make a local socket", "syscall(41, 1, 1, 0) >= 0".into()),
        ("make a pair of sockets", "my $b = 'x' x 8; syscall(53, 1, 1, 0, $b) >= 0".into()),
        ("signal its parent", "kill(0, getppid())".into()),
    ]
}

/// Doors that need a privilege, or arguments this script does not have; what counts is which answer comes.
const CLOSED_CALLS: [(&str, u32); 16] = [
    ("ptrace", 101),
    ("mount", 165),
    ("unshare", 272),
    ("setns", 308),
    ("pivot_root", 155),
    ("setuid", 105),
    ("io_uring_setup", 425),
    ("bpf", 321),
    ("keyctl", 250),
    ("perf_event_open", 298),
    ("userfaultfd", 323),
    ("process_vm_readv", 310),
    ("pidfd_open", 434),
    ("open_by_handle_at", 304),
    ("socket of the second table", 0x4000_0000 + 41),
    ("ptrace of the second table", 0x4000_0000 + 521),
];

fn answers(bench: &Bench, layers: &[Layer]) -> Vec<(String, bool)> {
    let doors = ordinary_doors(bench);
    let mut script = String::from(
        "$| = 1;
",
    );
    for (name, door) in &doors {
        let _ = writeln!(script, "print \"{name}: \", ((do {{ {door} }}) ? 'open' : 'shut'), \"\n\";");
    }
    let answer = inside(bench, layers, &script);
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let heard = String::from_utf8(answer.stdout).unwrap();
    let heard: Vec<_> = heard
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, state)| (name.to_owned(), state == "open"))
        .collect();
    assert_eq!(heard.len(), doors.len(), "every door was tried");
    heard
}

#[cfg(target_arch = "x86_64")]
#[test]
fn m24_every_door_is_shut() {
    let bench = Bench::new();
    for (door, open) in answers(&bench, &[]) {
        assert!(open, "the control must be able to {door}, or its refusal below proves nothing");
    }
    let bench = Bench::new();
    for (door, open) in answers(&bench, &Layer::ALL) {
        assert!(!open, "it could {door}");
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn m24_calls_that_reach_past_the_program_are_not_permitted() {
    let bench = Bench::new();
    let (mut script, mut expected) = (String::new(), String::new());
    for (name, number) in CLOSED_CALLS {
        let _ = writeln!(script, "$! = 0; syscall({number}, 0, 0, 0, 0, 0); print '{name}: ', $! + 0, \"\\n\";");
        let _ = writeln!(expected, "{name}: 1");
    }
    let heard = String::from_utf8(inside(&bench, &Layer::ALL, &script).stdout).unwrap();
    assert_eq!(heard, expected, "1 is EPERM");
}

#[test]
fn m24_it_cannot_become_another_program() {
    let bench = Bench::new();
    let become_shell = |layers: &[Layer]| {
        let answer = inside(&bench, layers, "exec('/bin/sh', '-c', 'echo shell') or print 'still perl';");
        String::from_utf8(answer.stdout).unwrap().trim().to_owned()
    };
    assert_eq!((become_shell(&[]).as_str(), become_shell(&Layer::ALL).as_str()), ("shell", "still perl"));
}

#[cfg(target_arch = "x86_64")]
#[test]
fn m24_a_signal_to_itself_is_its_own_affair() {
    let bench = Bench::new();
    let answer = inside(&bench, &Layer::ALL, "use POSIX; POSIX::abort();");
    assert!(answer.status.to_string().contains("SIGABRT"), "{}", answer.status);
}

#[test]
fn m24_nothing_comes_in_but_input_output_and_error() {
    let bench = Bench::new();
    // A descriptor that would be inherited, as careless libraries leave them open.
    let stray: OwnedFd = rustix::io::dup(std::io::stdin().as_fd()).unwrap();
    rustix::io::fcntl_setfd(&stray, rustix::io::FdFlags::empty()).unwrap();
    let script =
        "for my $fd (0..63) { if (open(my $f, '<&=', $fd)) { print \"$fd \"; } } print join(',', sort keys %ENV);";
    let outside = command("/usr/bin/perl").args(["-e", script]).output().unwrap();
    let number = format!(" {} ", stray.as_raw_fd());
    assert!(String::from_utf8(outside.stdout).unwrap().contains(&number), "the control must inherit it");
    let heard = String::from_utf8(inside(&bench, &Layer::ALL, script).stdout).unwrap();
    assert_eq!(heard, "0 1 2 MALLOC_ARENA_MAX");
    drop(stray);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn m04_nobody_can_call_out_whichever_layer_is_missing() {
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let call = format!(
        "my $s = syscall(41, 2, 1, 0); my $a = pack('Sna4x8', 2, {port}, \"\\x7f\\0\\0\\1\"); syscall(42, $s, $a, 16);"
    );
    let reached = |layers: &[Layer]| {
        inside(&bench, layers, &call);
        match listener.accept() {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                false
            }
        }
    };
    assert!(reached(&[]), "the control must get through, or silence proves nothing");
    for layer in Layer::ALL {
        assert!(!reached(&without(layer)), "it got through without {layer:?}");
    }
    assert!(!reached(&[Layer::Seccomp]), "it got through the system call filter alone");
    // In a container or a changed root the kernel may refuse namespaces to everybody; the jail then does without.
    if command("unshare").args(["--user", "--net", "true"]).status().is_ok_and(|asked| asked.success()) {
        assert!(!reached(&[Layer::Network]), "it got through the network namespace alone");
    } else {
        println!("skipped: the network namespace alone, because this machine forbids namespaces");
    }
}

#[test]
fn a_launcher_without_orders_starts_nothing() {
    let answer = command(env!("CARGO_BIN_EXE_admit-jail")).arg("/usr/bin/perl").output().unwrap();
    assert_eq!(answer.status.code(), Some(125));
    assert!(String::from_utf8_lossy(&answer.stderr).contains("not meant to be run by hand"));
}
