//! How long each pass over the data takes, and how many bytes it streams: for benches.

use std::time::Instant;

use crate::model::Model;
use crate::newton::{Workspace, own};
use crate::point::{Point, Scratch};
use crate::preconditioner::Room;
use crate::resolved::Resolved;
use crate::shock::Shock;
use crate::system::System;

/// One kernel of the solver on one economy.
#[derive(Clone, Debug, PartialEq)]
pub struct PassTime {
    /// Which kernel.
    pub name: &'static str,
    /// Bytes of the tensors it must read once, vectors by region and sector left out.
    pub bytes: usize,
    /// Seconds of the fastest of the runs.
    pub seconds: f64,
}

fn fastest(runs: usize, mut run: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let clock = Instant::now();
        run();
        best = best.min(clock.elapsed().as_secs_f64());
    }
    best
}

impl Model {
    /// Times each kernel at the baseline, as the fastest of `runs`.
    ///
    /// # Errors
    /// None that a model which could be made has.
    pub fn pass_times(&self, runs: usize) -> Result<Vec<PassTime>, crate::TradeError> {
        let resolved = Resolved::new(&Shock::new(), self)?;
        let mut workspace = Workspace::new();
        self.load(&resolved, own(&mut workspace.shocked));
        let system: System = self.system(&workspace.shocked);
        let (n, s) = (self.regions().len(), self.sectors().len());
        let taxed = workspace.shocked.taxed.iter().filter(|t| **t).count();
        let links = if system.base.inputs.is_empty() {
            0
        } else {
            n * s * s
        };
        // Sectors without tariffs need one weight only; the table of inputs is read for costs and for uses.
        let exact = 8 * n * n * (s + taxed) + 16 * links;
        let single = 8 * n * n * s + 8 * links;
        let (mut point, mut scratch, mut room) =
            (Point::default(), Scratch::default(), Room::default());
        room.load(&workspace.shocked);
        point.unknowns = vec![0.0; system.len()];
        system.evaluate(&mut point, &mut scratch);
        let direction: Vec<f64> = (0..system.len())
            .map(|k| (k as f64 * 0.618_033_988_749_895).fract() - 0.5)
            .collect();
        let mut out = Vec::new();
        let preconditioner = self.preconditioner();
        let residual: Vec<f32> = direction.iter().map(|x| *x as f32).collect();
        let mut step = Vec::new();
        let mut times = vec![PassTime {
            name: "equations",
            bytes: exact,
            seconds: fastest(runs, || system.evaluate(&mut point, &mut scratch)),
        }];
        times.push(PassTime {
            name: "Jacobian",
            bytes: exact,
            seconds: fastest(runs, || {
                system.product(&point, &direction, &mut out, &mut scratch);
            }),
        });
        times.push(PassTime {
            name: "Jacobian, transposed",
            bytes: exact,
            seconds: fastest(runs, || {
                system.transposed_product(&point, &direction, &mut out, &mut scratch);
            }),
        });
        times.push(PassTime {
            name: "approximate inverse",
            bytes: single + 8 * 9 * n * n,
            seconds: fastest(runs, || {
                preconditioner.apply(&system, &point, &residual, &mut step, &mut room);
            }),
        });
        times.push(PassTime {
            name: "approximate inverse, transposed",
            bytes: single + 8 * 9 * n * n,
            seconds: fastest(runs, || {
                preconditioner.apply_transposed(&system, &point, &direction, &mut out, &mut room);
            }),
        });
        Ok(times)
    }
}
