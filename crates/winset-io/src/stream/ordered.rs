//! Several batches in work at once, and their results in order.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What the threads share about results.
struct Turn<T, E> {
    /// The number of the next result to take.
    next: usize,
    /// Results that are done before their turn.
    early: BTreeMap<usize, T>,
    error: Option<E>,
    /// A thread is gone: nobody shall wait for it.
    broken: bool,
}

struct Shared<T, E> {
    turn: Mutex<Turn<T, E>>,
    changed: Condvar,
}

impl<T, E> Shared<T, E> {
    fn lock(&self) -> MutexGuard<'_, Turn<T, E>> {
        // Whoever panicked has set `broken`.
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, error: E) {
        let mut turn = self.lock();
        turn.error.get_or_insert(error);
        turn.broken = true;
        self.changed.notify_all();
    }
}

/// Tells the others when its thread ends early.
struct Alarm<'s, T, E>(&'s Shared<T, E>);

impl<T, E> Drop for Alarm<'_, T, E> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.lock().broken = true;
            self.0.changed.notify_all();
        }
    }
}

/// Takes batches from `next` until it gives none, works on them on `threads` threads and hands the results
/// to `take` in the order of the batches, whatever the number of threads. `worker` makes what one thread
/// works with.
///
/// No more than four batches a thread are held at any time. After an error no further batch is begun.
///
/// # Errors
/// The first error of `next`, of a worker or of `take`.
///
/// # Panics
/// If a worker does.
pub fn in_order<J, T, E, W>(
    threads: usize,
    next: impl FnMut() -> Result<Option<J>, E> + Send,
    worker: impl Fn() -> W + Sync,
    take: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E>
where
    W: FnMut(J) -> Result<T, E>,
    T: Send,
    E: Send,
{
    let threads = threads.max(1);
    let shared = Shared {
        turn: Mutex::new(Turn {
            next: 0,
            early: BTreeMap::new(),
            error: None,
            broken: false,
        }),
        changed: Condvar::new(),
    };
    let source = Mutex::new((next, 0));
    let sink = Mutex::new(take);
    let run = || {
        let _alarm = Alarm(&shared);
        let mut work = worker();
        loop {
            let (batch, number) = {
                let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
                if shared.lock().broken {
                    return;
                }
                match (source.0)() {
                    Ok(Some(batch)) => {
                        source.1 += 1;
                        (batch, source.1 - 1)
                    }
                    Ok(None) => return,
                    Err(error) => return shared.fail(error),
                }
            };
            let done = match work(batch) {
                Ok(done) => done,
                Err(error) => return shared.fail(error),
            };
            let mut turn = shared.lock();
            // The one whose turn it is never waits here.
            while !turn.broken && turn.next != number && turn.early.len() >= 2 * threads {
                turn = shared
                    .changed
                    .wait(turn)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if turn.broken {
                return;
            }
            turn.early.insert(number, done);
            drop(turn);
            // Whoever holds the sink takes all that is ready, in order.
            let mut take = sink.lock().unwrap_or_else(PoisonError::into_inner);
            loop {
                let mut turn = shared.lock();
                let number = turn.next;
                let Some(ready) = turn.early.remove(&number) else {
                    break;
                };
                drop(turn);
                if let Err(error) = take(ready) {
                    return shared.fail(error);
                }
                shared.lock().next += 1;
                shared.changed.notify_all();
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
    let turn = shared
        .turn
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    turn.error.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(threads: usize, fails_at: usize) -> (Result<(), usize>, Vec<usize>) {
        let mut numbers = 0..200usize;
        let mut taken = Vec::new();
        let work = || {
            |n: usize| {
                // The later ones of a few are ready first.
                std::thread::sleep(std::time::Duration::from_micros(((7 - n % 7) * 50) as u64));
                if n == fails_at { Err(n) } else { Ok(n * n) }
            }
        };
        let result = in_order(
            threads,
            || Ok(numbers.next()),
            work,
            |n| {
                taken.push(n);
                Ok(())
            },
        );
        (result, taken)
    }

    #[test]
    fn the_order_is_kept_on_any_number_of_threads() {
        let all: Vec<usize> = (0..200).map(|n| n * n).collect();
        for threads in [0, 1, 2, 5] {
            assert_eq!(squares(threads, 1000), (Ok(()), all.clone()));
        }
    }

    #[test]
    fn an_error_ends_the_work_and_nothing_after_it_is_taken() {
        for threads in [1, 3] {
            let (result, taken) = squares(threads, 50);
            assert_eq!(result, Err(50));
            assert!(taken.len() <= 50 && taken.iter().enumerate().all(|(i, n)| *n == i * i));
        }
    }
}
