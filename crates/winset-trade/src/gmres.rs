//! Linear systems with the Jacobian, by flexible GMRES (Saad 1993, *SIAM J. Sci. Comput.* 14(2), algorithm 2.2).

use crate::kernels::{add_scaled, dot, norm};

/// Directions kept before giving up; with the preconditioner about ten are needed.
const LIMIT: usize = 120;

/// The kept directions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Krylov {
    basis: Vec<Vec<f64>>,
    directions: Vec<Vec<f64>>,
    columns: Vec<Vec<f64>>,
    product: Vec<f64>,
}

/// Solves A x = b until the residual is below `tolerance` times that of x = 0. `step(v, z, az)` sets z ≈ A⁻¹ v and
/// az = A z. Gives the number of products and the relative residual reached.
pub(crate) fn solve(
    room: &mut Krylov,
    b: &[f64],
    x: &mut Vec<f64>,
    tolerance: f64,
    mut step: impl FnMut(&[f64], &mut Vec<f64>, &mut Vec<f64>),
) -> (usize, f64) {
    x.clear();
    x.resize(b.len(), 0.0);
    let start = norm(b);
    if start == 0.0 {
        return (0, 0.0);
    }
    let mut rotations: Vec<(f64, f64)> = Vec::new();
    let mut target = vec![start];
    room.columns.clear();
    set(&mut room.basis, 0, b, 1.0 / start);
    let mut count = 0;
    while count < LIMIT {
        if room.directions.len() == count {
            room.directions.push(Vec::new());
        }
        let product = &mut room.product;
        step(&room.basis[count], &mut room.directions[count], product);
        let mut column = Vec::with_capacity(count + 2);
        for v in &room.basis[..=count] {
            let h = dot(v, product);
            add_scaled(product, -h, v);
            column.push(h);
        }
        let length = norm(product);
        for (k, (c, s)) in rotations.iter().enumerate() {
            let (upper, lower) = (column[k], column[k + 1]);
            column[k] = c * upper + s * lower;
            column[k + 1] = c * lower - s * upper;
        }
        let radius = column[count].hypot(length);
        if !radius.is_finite() || radius == 0.0 {
            return (count, f64::INFINITY);
        }
        let (c, s) = (column[count] / radius, length / radius);
        column[count] = radius;
        rotations.push((c, s));
        room.columns.push(column);
        let last = target[count];
        target[count] = c * last;
        target.push(-s * last);
        count += 1;
        if target[count].abs() <= tolerance * start || length == 0.0 {
            break;
        }
        let product = std::mem::take(&mut room.product);
        set(&mut room.basis, count, &product, 1.0 / length);
        room.product = product;
    }
    for k in (0..count).rev() {
        let mut y = target[k];
        for l in k + 1..count {
            y -= room.columns[l][k] * target[l];
        }
        target[k] = y / room.columns[k][k];
    }
    for k in 0..count {
        add_scaled(x, target[k], &room.directions[k]);
    }
    (count, target[count].abs() / start)
}

fn set(vectors: &mut Vec<Vec<f64>>, at: usize, from: &[f64], factor: f64) {
    if vectors.len() == at {
        vectors.push(Vec::new());
    }
    vectors[at].clear();
    vectors[at].extend(from.iter().map(|x| x * factor));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_small_system() {
        let a = [[4.0, 1.0, 0.5], [-1.0, 3.0, 0.2], [0.3, 0.7, 2.0]];
        let want = [1.0, -2.0, 0.5];
        let b: Vec<f64> = a.iter().map(|row| dot(row, &want)).collect();
        let mut x = Vec::new();
        let (count, residual) = solve(&mut Krylov::default(), &b, &mut x, 1e-13, |v, z, az| {
            z.clear();
            z.extend_from_slice(v);
            az.clear();
            az.extend(a.iter().map(|row| dot(row, v)));
        });
        assert!(count <= 3 && residual < 1e-12);
        for (x, want) in x.iter().zip(want) {
            assert!((x - want).abs() < 1e-12);
        }
    }
}
