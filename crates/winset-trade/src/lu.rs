//! LU factors of the many small matrices of single regions, sectors × sectors.

/// Factors of one square matrix with partial pivoting, columns contiguous.
#[derive(Clone, Debug, Default)]
pub(crate) struct SmallLu {
    n: usize,
    factors: Vec<f64>,
    swaps: Vec<usize>,
}

impl SmallLu {
    /// Factors `matrix` (column after column). A matrix that is singular gives factors that are not finite; the
    /// caller sees that in what it solves.
    pub(crate) fn new(n: usize, mut matrix: Vec<f64>) -> Self {
        let mut swaps = vec![0; n];
        for k in 0..n {
            let column = &matrix[k * n..(k + 1) * n];
            let mut pivot = k;
            for r in k + 1..n {
                if column[r].abs() > column[pivot].abs() {
                    pivot = r;
                }
            }
            swaps[k] = pivot;
            if pivot != k {
                (0..n).for_each(|c| matrix.swap(c * n + k, c * n + pivot));
            }
            let (left, right) = matrix.split_at_mut((k + 1) * n);
            let below = &mut left[k * n + k..];
            let inverse = 1.0 / below[0];
            below[1..].iter_mut().for_each(|x| *x *= inverse);
            for column in right.chunks_exact_mut(n) {
                let factor = column[k];
                if factor != 0.0 {
                    for (x, l) in column[k + 1..].iter_mut().zip(&below[1..]) {
                        *x -= factor * l;
                    }
                }
            }
        }
        Self {
            n,
            factors: matrix,
            swaps,
        }
    }

    /// x ← A⁻¹ x
    pub(crate) fn solve(&self, x: &mut [f64]) {
        let n = self.n;
        for k in 0..n {
            x.swap(k, self.swaps[k]);
        }
        for k in 0..n {
            let (head, tail) = x.split_at_mut(k + 1);
            let factor = head[k];
            for (x, l) in tail
                .iter_mut()
                .zip(&self.factors[k * n + k + 1..(k + 1) * n])
            {
                *x -= factor * l;
            }
        }
        for k in (0..n).rev() {
            let (head, tail) = x.split_at_mut(k);
            tail[0] /= self.factors[k * n + k];
            let factor = tail[0];
            for (x, u) in head.iter_mut().zip(&self.factors[k * n..k * n + k]) {
                *x -= factor * u;
            }
        }
    }

    /// x ← A⁻ᵀ x
    pub(crate) fn solve_transposed(&self, x: &mut [f64]) {
        let n = self.n;
        for k in 0..n {
            let sum = crate::kernels::dot(&self.factors[k * n..k * n + k], &x[..k]);
            x[k] = (x[k] - sum) / self.factors[k * n + k];
        }
        for k in (0..n).rev() {
            let sum = crate::kernels::dot(&self.factors[k * n + k + 1..(k + 1) * n], &x[k + 1..]);
            x[k] -= sum;
        }
        for k in (0..n).rev() {
            x.swap(k, self.swaps[k]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_system_that_needs_pivots() {
        // Columns of [[0, 2, 1], [1, 1, 0], [4, 0, 3]].
        let a = vec![0.0, 1.0, 4.0, 2.0, 1.0, 0.0, 1.0, 0.0, 3.0];
        let lu = SmallLu::new(3, a);
        let mut x = [7.0, 3.0, 13.0];
        lu.solve(&mut x);
        for (x, want) in x.iter().zip([1.0, 2.0, 3.0]) {
            assert!((x - want).abs() < 1e-14, "{x}");
        }
        let mut x = [2.0 + 12.0, 2.0 + 2.0, 1.0 + 9.0];
        lu.solve_transposed(&mut x);
        for (x, want) in x.iter().zip([1.0, 2.0, 3.0]) {
            assert!((x - want).abs() < 1e-14, "{x}");
        }
    }
}
