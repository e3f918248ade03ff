//! Files are replaced whole or not at all, whatever interrupts, and streams that fail are said in words.
#![cfg(unix)]
#![expect(clippy::print_stdout, reason = "tests tell their counts")]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::common::root;

const PROGRAM: &str = env!("CARGO_BIN_EXE_proforma");
/// As nobody writes it, and as `fmt` does.
const OLD: &str = "unit   rack\nassume  a=1 rack\n";
const NEW: &str = "unit rack\nassume a = 1 rack\n";

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("proforma-disk-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(PROGRAM).args(args).current_dir(folder).output().unwrap()
}

/// Runs a line of the shell in which `$0` is the program.
fn shell(folder: &Path, line: &str) -> Output {
    Command::new("sh").args(["-c", line, PROGRAM]).current_dir(folder).output().unwrap()
}

#[track_caller]
fn refused(output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(why) && !said.contains("internal error"), "{said}");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Long enough for the writing to take a while, in many files.
fn many(folder: &Path, count: usize) -> (String, String) {
    let line = |n: usize, blanks: &str| format!("assume a{n} ={blanks}1 USD \"{}\"\n", "x".repeat(80));
    let text = |blanks: &str| (0..20).map(|n| line(n, blanks)).collect::<String>();
    (0..count).for_each(|n| fs::write(folder.join(format!("f{n:03}.pf")), text("  ")).unwrap());
    (text("  "), text(" "))
}

/// Killed at ever later moments (`PROFORMA_HOSTILE=N`: N times as many), until it has had the time to end by itself: each file is old or new, and what is left
/// over is known by its name.
#[test]
fn a_kill_leaves_old_or_new() {
    let folder = folder("kill");
    let scale = crate::hostile::scale();
    let (mut killed, mut mixed, mut delay) = (0, 0, Duration::ZERO);
    let mut ended = 0;
    while ended == 0 {
        let (old, new) = many(&folder, 40);
        let mut child = Command::new(PROGRAM).args(["fmt", "."]).current_dir(&folder).spawn().unwrap();
        std::thread::sleep(delay);
        if child.try_wait().unwrap().is_some() {
            ended += 1;
        } else {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        let mut done = 0;
        for name in names(&folder) {
            let path = folder.join(&name);
            if name.starts_with(".proforma-") && name.ends_with(".tmp") {
                fs::remove_file(path).unwrap();
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            assert!(text == old || text == new, "{name} is neither old nor new after {delay:?}");
            done += usize::from(text == new);
        }
        assert_eq!(names(&folder).len(), 40);
        mixed += usize::from(done > 0 && done < 40);
        delay += Duration::from_millis(8) / scale + delay / (8 * scale);
    }
    assert!(killed > 0);
    println!("{killed} kills, {mixed} of them while writing");
}

/// A report as well: the file has the whole old or the whole new one.
#[test]
fn a_killed_report_leaves_old_or_new() {
    let folder = folder("report");
    let rule = root().join("rules/examples/mockup.pf");
    let args = ["facts", rule.to_str().unwrap(), "-o", "facts.csv"];
    assert_eq!(run(&folder, &args).status.code(), Some(0));
    let new = fs::read_to_string(folder.join("facts.csv")).unwrap();
    let mut delay = Duration::ZERO;
    loop {
        fs::write(folder.join("facts.csv"), "old").unwrap();
        let mut child = Command::new(PROGRAM).args(args).current_dir(&folder).spawn().unwrap();
        std::thread::sleep(delay);
        let ended = child.try_wait().unwrap().is_some();
        let _ = child.kill();
        child.wait().unwrap();
        let text = fs::read_to_string(folder.join("facts.csv")).unwrap();
        assert!(text == "old" || text == new, "{} of {} bytes after {delay:?}", text.len(), new.len());
        if ended {
            return;
        }
        delay += Duration::from_millis(40) + delay / 8;
    }
}

/// No space is left, or files may not become this large: the old content stays, nothing is left behind.
#[test]
fn a_full_disk_changes_nothing() {
    let folder = folder("full");
    let long = OLD.repeat(1_000);
    fs::write(folder.join("a.pf"), &long).unwrap();
    // A file may have four blocks of 512 or 1024 bytes; writing more fails with an error,
    refused(
        &shell(&folder, "trap '' XFSZ; ulimit -f 4; exec \"$0\" fmt a.pf"),
        "cannot format `a.pf`: it would be larger",
    );
    assert_eq!(names(&folder), ["a.pf"]);
    assert_eq!(fs::read_to_string(folder.join("a.pf")).unwrap(), long);
    // or kills the process.
    assert_eq!(shell(&folder, "ulimit -f 4; \"$0\" fmt a.pf").status.code().filter(|code| *code == 0), None);
    assert_eq!(fs::read_to_string(folder.join("a.pf")).unwrap(), long);
    if Path::new("/dev/full").exists() {
        let rule = root().join("rules/examples/mockup.pf");
        let rule = rule.to_str().unwrap();
        refused(&run(&folder, &["facts", rule, "-o", "/dev/full"]), "no space is left");
        refused(&shell(&folder, &format!("exec \"$0\" facts '{rule}' > /dev/full")), "cannot write to stdout");
        // There is nobody to tell; the exit code still does.
        assert_eq!(shell(&folder, "exec \"$0\" run none.pf 2> /dev/full").status.code(), Some(2));
    }
}

#[test]
fn permissions_and_links_stay() {
    let folder = folder("links");
    fs::create_dir(folder.join("deep")).unwrap();
    let file = folder.join("deep/a.pf");
    fs::write(&file, OLD).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("deep/a.pf", folder.join("one.pf")).unwrap();
    symlink(folder.join("one.pf"), folder.join("deep/two.pf")).unwrap();
    assert_eq!(run(&folder, &["fmt", "deep/two.pf"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), NEW);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(folder.join("one.pf")).unwrap().is_symlink());
    assert!(fs::symlink_metadata(folder.join("deep/two.pf")).unwrap().is_symlink());
    // A link that leads nowhere yet: the file comes into being where it leads.
    let rule = root().join("rules/examples/mockup.pf");
    symlink("deep/facts.csv", folder.join("out.csv")).unwrap();
    assert_eq!(run(&folder, &["facts", rule.to_str().unwrap(), "-o", "out.csv"]).status.code(), Some(0));
    assert!(fs::symlink_metadata(folder.join("out.csv")).unwrap().is_symlink());
    assert!(fs::symlink_metadata(folder.join("deep/facts.csv")).unwrap().is_file());
    symlink("b", folder.join("a")).unwrap();
    symlink("a", folder.join("b")).unwrap();
    refused(&run(&folder, &["facts", rule.to_str().unwrap(), "-o", "a"]), "circle");
    assert_eq!(names(&folder.join("deep")), ["a.pf", "facts.csv", "two.pf"]);
}

#[test]
fn what_cannot_be_written_is_said() {
    let folder = folder("said");
    let rule = root().join("rules/examples/mockup.pf");
    let rule = rule.to_str().unwrap();
    fs::write(folder.join("a.pf"), OLD).unwrap();
    fs::set_permissions(folder.join("a.pf"), fs::Permissions::from_mode(0o444)).unwrap();
    refused(&run(&folder, &["fmt", "a.pf"]), "cannot format `a.pf`: it is read-only");
    refused(&run(&folder, &["facts", rule, "-o", "."]), "it is a folder");
    refused(&run(&folder, &["facts", rule, "-o", "no/where.csv"]), "there is no such folder");
    refused(&run(&folder, &["facts", rule, "-o", "a.pf/where.csv"]), "cannot write `a.pf/where.csv`");
    if Path::new("/sys/kernel").is_dir() {
        refused(&run(&folder, &["facts", rule, "-o", "/sys/kernel/facts.csv"]), "cannot write");
    }
    assert_eq!(names(&folder), ["a.pf"]);
    assert_eq!(fs::read_to_string(folder.join("a.pf")).unwrap(), OLD);
}

/// A reader that has seen enough, and streams that are closed.
#[test]
fn broken_pipes_and_closed_streams() {
    let folder = folder("pipes");
    let rule = root().join("rules/examples/mockup.pf");
    let mut child = Command::new(PROGRAM)
        .args(["facts", rule.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    for args in [&["--help"][..], &["--version"], &["run", "none.pf"], &["report", "none"]] {
        let mut child = Command::new(PROGRAM).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        let code = child.wait().unwrap().code();
        assert!(matches!(code, Some(0 | 2)), "{args:?}: {code:?}");
    }
    fs::write(folder.join("a.pf"), OLD).unwrap();
    assert_eq!(shell(&folder, "exec \"$0\" fmt a.pf <&- >&- 2>&-").status.code(), Some(0));
    assert_eq!(fs::read_to_string(folder.join("a.pf")).unwrap(), NEW);
    assert_eq!(shell(&folder, "exec \"$0\" run none.pf <&- >&- 2>&-").status.code(), Some(2));
}

/// Into a pipe with a name, as into a process: nothing is renamed over it.
#[test]
fn pipes_are_written_to() {
    let folder = folder("fifo");
    let rule = root().join("rules/examples/mockup.pf");
    let line = format!(
        "mkfifo p.csv && {{ cat p.csv > got & \"$0\" facts '{}' -o p.csv; wait; test -p p.csv; }}",
        rule.display()
    );
    assert_eq!(shell(&folder, &line).status.code(), Some(0));
    let got = fs::read_to_string(folder.join("got")).unwrap();
    assert!(got.starts_with("entity,counterparty,") && got.lines().count() > 50, "{got}");
}

/// Names that are not UTF-8 are said, not left out.
#[test]
fn names_that_are_no_text() {
    let folder = folder("names");
    let odd = OsStr::from_bytes(b"odd\xff.pf");
    if fs::write(folder.join(odd), OLD).is_err() {
        return;
    }
    fs::write(folder.join("a.pf"), "use \"*.pf\"\n").unwrap();
    let output = Command::new(PROGRAM).arg("check").arg(odd).current_dir(&folder).output().unwrap();
    refused(&output, "UTF-8");
    refused(&run(&folder, &["check", "a.pf"]), "its name is not UTF-8");
    refused(&run(&folder, &["fmt", "."]), "its name is not UTF-8");
}

#[test]
fn a_folder_is_not_a_file() {
    let folder = folder("dir");
    fs::create_dir(folder.join("a.pf")).unwrap();
    fs::write(folder.join("b.pf"), "use \"a.pf\"\nuse \"b.pf/c.pf\"\n").unwrap();
    refused(&run(&folder, &["run", "a.pf"]), "stands directly in the folder `a.pf`");
    let output = run(&folder, &["check", "b.pf"]);
    refused(&output, "E0201");
    refused(&output, "it is a folder");
}

/// More than a file may have: coded and placed, whether it is a rule file, a price file, or comes from stdin.
#[test]
fn a_file_that_is_too_large() {
    let folder = folder("large");
    let line = b"# 64 MiB of remarks\n";
    fs::write(folder.join("a.pf"), line.repeat((64 << 20) / line.len() + 1)).unwrap();
    refused(&run(&folder, &["check", "a.pf"]), "E0113");
    refused(&run(&folder, &["fmt", "a.pf"]), "it is larger than 64 MiB");
    refused(&shell(&folder, "exec \"$0\" check -f - < a.pf"), "E0113");
    let party = "party Maker \"Maker\" { currency USD; class common par 0.01 USD/share, calendar nyse }\n";
    fs::write(folder.join("b.pf"), format!("{party}prices close(Maker.common) from \"a.pf\"\n")).unwrap();
    refused(&run(&folder, &["check", "b.pf"]), "E0113");
    fs::remove_dir_all(folder).unwrap();
}
