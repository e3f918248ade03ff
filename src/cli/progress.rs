//! What a long command is doing: a line on stderr that comes after two seconds and goes before anything else is said.
//! Only on a terminal. Results never depend on it, and no clock is read.

use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::check::Files;

/// How long nothing is said.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often the line is drawn.
const BEAT: Duration = Duration::from_millis(150);
const SPINNER: [char; 4] = ['|', '/', '-', '\\'];
/// Characters of a line: it must not wrap, or it could not be taken away.
const WIDTH: usize = 79;

/// What is being done, for the thread that tells it.
#[derive(Debug)]
struct Work {
    phase: Mutex<String>,
    done: AtomicUsize,
    /// Zero if nobody knows.
    of: AtomicUsize,
    over: AtomicBool,
}

/// Tells what is being done until it is dropped.
#[derive(Debug)]
pub(super) struct Progress {
    work: Arc<Work>,
    teller: Option<JoinHandle<()>>,
}

impl Progress {
    /// Begins with a phase; with `shown` false nothing is ever said.
    pub fn new(phase: &str, shown: bool) -> Self {
        let work = Arc::new(Work {
            phase: Mutex::new(phase.to_owned()),
            done: AtomicUsize::new(0),
            of: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        });
        let told = Arc::clone(&work);
        // Without a thread there is no progress, and nothing else is lost.
        let teller = shown.then(|| thread::Builder::new().spawn(move || tell(&told)).ok()).flatten();
        Self { work, teller }
    }

    /// Goes on to another phase.
    pub fn phase(&self, phase: &str) {
        if let Ok(mut now) = self.work.phase.lock() {
            phase.clone_into(&mut now);
        }
        self.days(0, 0);
    }

    /// So many days are done, of so many as are known.
    pub fn days(&self, done: usize, of: usize) {
        self.work.done.store(done, Ordering::Relaxed);
        self.work.of.store(of, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.work.over.store(true, Ordering::Release);
        if let Some(teller) = self.teller.take() {
            teller.thread().unpark();
            let _ = teller.join();
        }
    }
}

fn tell(work: &Work) {
    thread::park_timeout(PATIENCE);
    let mut beat = 0;
    while !work.over.load(Ordering::Acquire) {
        let line = line(work, SPINNER.get(beat % SPINNER.len()).copied().unwrap_or(' '));
        // If nobody can be told, nobody is.
        let _ = write!(std::io::stderr().lock(), "\r\x1b[K{line}");
        beat += 1;
        thread::park_timeout(BEAT);
    }
    if beat > 0 {
        let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
    }
}

fn line(work: &Work, spinner: char) -> String {
    let phase = work.phase.lock().map(|phase| phase.clone()).unwrap_or_default();
    let (done, of) = (work.done.load(Ordering::Relaxed), work.of.load(Ordering::Relaxed));
    let line = if of == 0 { format!("{spinner} {phase}") } else { format!("{spinner} {phase}: day {done} of {of}") };
    // Names of files are not ours.
    line.chars().filter(|c| !c.is_control()).take(WIDTH).collect()
}

/// Files, and which of them is being read.
pub(super) struct Told<'a> {
    pub files: &'a dyn Files,
    pub progress: &'a Progress,
}

impl Files for Told<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.progress.phase(&format!("reading {path}"));
        let bytes = self.files.read(path);
        self.progress.phase("checking");
        bytes
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        self.progress.phase(&format!("looking for {pattern}"));
        self.files.glob(pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_fits_and_holds_no_control_characters() {
        let progress = Progress::new("reading", false);
        assert_eq!(line(&progress.work, '|'), "| reading");
        progress.phase(&format!("reading \x1b[31m{}", "é".repeat(200)));
        let told = line(&progress.work, '/');
        assert_eq!((told.chars().count(), told.contains('\x1b')), (WIDTH, false));
        progress.phase("running");
        progress.days(12, 345);
        assert_eq!(line(&progress.work, '-'), "- running: day 12 of 345");
        progress.phase("reporting");
        assert_eq!(line(&progress.work, '\\'), "\\ reporting");
    }

    #[test]
    fn a_short_work_says_nothing_and_ends_at_once() {
        drop(Progress::new("reading", true));
    }
}
