//! The books: each party's day by day, after the legal run. A book reads outcomes and no other book, so they are worked
//! out side by side.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::engine::{AsOf, Fault, Inputs, Outcome};
use crate::ledger::Log;
use crate::num;
use crate::recognise::{BookState, Booking, Bookkeeper};
use crate::time::Date;

/// A book at the end of each day on which it took something in; days ascend.
pub type BookDays = Log<(Date, Arc<BookState>)>;

/// Outcomes for one book, with the days on which it takes them in.
pub(super) type Queue = Vec<(Date, u32)>;

/// Below this many outcomes a thread costs more than it brings.
const WORTH_A_THREAD: usize = 5_000;

/// One book at work.
struct Desk<'b, 'a> {
    keeper: &'b Bookkeeper<'a>,
    booking: &'b mut Booking,
    days: &'b mut BookDays,
    queue: Queue,
}

/// Hands every book its outcomes. Of books that fail, the fault of the first day.
pub(super) fn keep(
    inputs: &Inputs,
    outcomes: &Log<Outcome>,
    keepers: &[Bookkeeper<'_>],
    bookings: &mut [Booking],
    days: &mut [BookDays],
    queues: Vec<Queue>,
    watch: &mut dyn FnMut(usize, usize),
) -> Option<Fault> {
    let count = queues.iter().map(Vec::len).sum::<usize>();
    let most = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = (count / WORTH_A_THREAD).clamp(1, most);
    let books = keepers.iter().zip(bookings).zip(days).zip(queues);
    let mut shares: Vec<Vec<Desk<'_, '_>>> = (0..threads).map(|_| Vec::new()).collect();
    for (place, (((keeper, booking), days), queue)) in books.enumerate() {
        if let Some(share) = shares.get_mut(place % threads) {
            share.push(Desk { keeper, booking, days, queue });
        }
    }
    let done = AtomicUsize::new(0);
    let work = |share: Vec<Desk<'_, '_>>, watch: &mut dyn FnMut(usize)| -> Option<Fault> {
        let faults = share.into_iter().filter_map(|desk| {
            watch(done.fetch_add(1, Ordering::Relaxed));
            desk.work(inputs, outcomes).err()
        });
        faults.collect::<Vec<_>>().into_iter().min_by(earlier)
    };
    let own = shares.pop().unwrap_or_default();
    let faults = std::thread::scope(|scope| {
        let others: Vec<_> = shares.into_iter().map(|share| scope.spawn(|| work(share, &mut |_| {}))).collect();
        let own = work(own, &mut |done| watch(done, keepers.len()));
        // A panic in a thread goes on here.
        let others = others.into_iter().map(|thread| thread.join().unwrap_or_else(|e| std::panic::resume_unwind(e)));
        others.chain([own]).flatten().collect::<Vec<_>>()
    });
    faults.into_iter().min_by(earlier)
}

/// The same fault whatever thread meets it first.
fn earlier(a: &Fault, b: &Fault) -> std::cmp::Ordering {
    (a.date, &a.clause).cmp(&(b.date, &b.clause))
}

impl Desk<'_, '_> {
    /// Takes in a queue, a day at a time.
    fn work(self, inputs: &Inputs, outcomes: &Log<Outcome>) -> Result<(), Fault> {
        let Self { keeper, booking, days, mut queue } = self;
        // Late ones stand before those of their day.
        queue.sort_by_key(|(day, _)| *day);
        let mut state = days.last().map(|(_, state)| state.clone()).unwrap_or_default();
        for day in queue.chunk_by(|a, b| a.0 == b.0) {
            let Some((date, _)) = day.first() else { continue };
            let numbered = |(_, number): &(Date, u32)| outcomes.get(*number as usize).map(|outcome| (*number, outcome));
            let mine: Vec<(u32, &Outcome)> = day.iter().filter_map(numbered).collect();
            let done = keeper.day(&AsOf::new(inputs, *date), booking, Arc::make_mut(&mut state), *date, &mine);
            done.map_err(|(kind, clause): (num::Fault, Arc<str>)| Fault { kind, clause, date: *date })?;
            days.push((*date, state.clone()));
        }
        Ok(())
    }
}
