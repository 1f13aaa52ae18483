//! The few loops in which the time is spent.
//!
//! Each runs with the widest vectors that the machine has (`pulp` looks once), but the order of every summation is
//! fixed in the code and no multiplication is fused with an addition: an answer has the same bits with any number of
//! threads, however wide the vectors are. The exponential and the logarithm are our own, for vectors.

// A body must be inlined into the function that pulp compiles for wide vectors, or it is compiled for narrow ones.
#![allow(clippy::inline_always)]

use std::ops::{Add, AddAssign, Mul, Sub};
use std::sync::LazyLock;

use pulp::{Arch, NullaryFnOnce};

pub(crate) use crate::vectors::Vectors;
use crate::vectors::{Kernel, run};

static ARCH: LazyLock<Arch> = LazyLock::new(Arch::new);

/// Rows taken together.
const ROWS: usize = 4;

/// Single precision for approximations, double for everything that counts.
pub(crate) trait Real:
    Copy + Default + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + AddAssign
{
    /// out += Σ factors\[i\] · row i
    fn add_rows(out: &mut [Self], factors: &[Self], rows: &[Self]);
    /// out\[i\] = row i · x
    fn row_dots(out: &mut [Self], rows: &[Self], x: &[Self]);
}

impl Real for f32 {
    fn add_rows(out: &mut [Self], factors: &[Self], rows: &[Self]) {
        run::<Self, 8, _>(*ARCH, AddRows { out, factors, rows });
    }
    fn row_dots(out: &mut [Self], rows: &[Self], x: &[Self]) {
        run::<Self, 8, _>(*ARCH, RowDots { out, rows, x });
    }
}

impl Real for f64 {
    fn add_rows(out: &mut [Self], factors: &[Self], rows: &[Self]) {
        run::<Self, 4, _>(*ARCH, AddRows { out, factors, rows });
    }
    fn row_dots(out: &mut [Self], rows: &[Self], x: &[Self]) {
        run::<Self, 4, _>(*ARCH, RowDots { out, rows, x });
    }
}

struct AddRows<'a, T> {
    out: &'a mut [T],
    factors: &'a [T],
    rows: &'a [T],
}

/// The first `R` rows of a block, and what is behind them.
#[inline(always)]
fn rows_of<T, const R: usize>(block: &[T], n: usize) -> ([&[T]; R], &[T]) {
    let mut rest = block;
    let rows = std::array::from_fn(|_| {
        let (row, behind) = rest.split_at(n);
        rest = behind;
        row
    });
    (rows, rest)
}

/// Chunks of lanes that are summed side by side, so that no sum waits for another.
const ABREAST: usize = 8;
const HALF: usize = ABREAST / 2;

/// out += Σ f\[r\] · rows\[r\] in `C` chunks from the chunk `from`, and in the last `L` lanes where `last` is their sum so far.
#[inline(always)]
fn add_chunks<T: Real, const L: usize, const C: usize, W: Vectors<T, L>>(
    w: W,
    out: &mut [T],
    f: &[T],
    rows: &[T],
    from: usize,
    last: Option<&mut [T; L]>,
) {
    let n = out.len();
    let (chunks, _) = out.as_chunks_mut::<L>();
    let Some(to) = chunks[from..].first_chunk_mut::<C>() else {
        return;
    };
    let mut sums: [W::V; C] = std::array::from_fn(|c| w.load(&to[c]));
    match last {
        None => {
            for (f, row) in f.iter().zip(rows.chunks_exact(n)) {
                let f = w.splat(*f);
                let (chunks, _) = row.as_chunks::<L>();
                if let Some(row) = chunks[from..].first_chunk::<C>() {
                    for c in 0..C {
                        sums[c] = w.add(sums[c], w.mul(f, w.load(&row[c])));
                    }
                }
            }
        }
        Some(last) => {
            let mut sum = w.load(last);
            for (f, row) in f.iter().zip(rows.chunks_exact(n)) {
                let f = w.splat(*f);
                let (chunks, _) = row.as_chunks::<L>();
                if let (Some(end), Some(row)) =
                    (row.last_chunk::<L>(), chunks[from..].first_chunk::<C>())
                {
                    for c in 0..C {
                        sums[c] = w.add(sums[c], w.mul(f, w.load(&row[c])));
                    }
                    sum = w.add(sum, w.mul(f, w.load(end)));
                }
            }
            w.store(sum, last);
        }
    }
    for (sum, to) in sums.into_iter().zip(to) {
        w.store(sum, to);
    }
}

impl<T: Real, const L: usize> Kernel<T, L> for AddRows<'_, T> {
    #[inline(always)]
    fn run<W: Vectors<T, L>>(self, w: W) {
        let Self { out, factors, rows } = self;
        let n = out.len();
        let Some(last) = out.last_chunk::<L>() else {
            for (f, row) in factors.iter().zip(rows.chunks_exact(n)) {
                for (to, x) in out.iter_mut().zip(row) {
                    *to += *f * *x;
                }
            }
            return;
        };
        // Where lanes are left over, the last `L` are summed apart; those that are in a chunk too have the same sum there.
        let mut last = *last;
        let mut at = 0;
        while n / L - at > ABREAST {
            // No group of chunks is left with a few, which would wait for one another.
            if n / L - at > ABREAST + HALF {
                add_chunks::<T, L, ABREAST, W>(w, out, factors, rows, at, None);
                at += ABREAST;
            } else {
                add_chunks::<T, L, HALF, W>(w, out, factors, rows, at, None);
                at += HALF;
            }
        }
        let left = (!n.is_multiple_of(L)).then_some(&mut last);
        let ends = left.is_some();
        match n / L - at {
            1 => add_chunks::<T, L, 1, W>(w, out, factors, rows, at, left),
            2 => add_chunks::<T, L, 2, W>(w, out, factors, rows, at, left),
            3 => add_chunks::<T, L, 3, W>(w, out, factors, rows, at, left),
            4 => add_chunks::<T, L, 4, W>(w, out, factors, rows, at, left),
            5 => add_chunks::<T, L, 5, W>(w, out, factors, rows, at, left),
            6 => add_chunks::<T, L, 6, W>(w, out, factors, rows, at, left),
            7 => add_chunks::<T, L, 7, W>(w, out, factors, rows, at, left),
            _ => add_chunks::<T, L, ABREAST, W>(w, out, factors, rows, at, left),
        }
        if ends && let Some(to) = out.last_chunk_mut::<L>() {
            *to = last;
        }
    }
}

/// out += Σ factors\[i\] · row i; rows are contiguous and as long as `out`.
pub(crate) fn add_rows<T: Real>(out: &mut [T], factors: &[T], rows: &[T]) {
    debug_assert_eq!(rows.len(), out.len() * factors.len());
    if !out.is_empty() {
        T::add_rows(out, factors, rows);
    }
}

struct RowDots<'a, T> {
    out: &'a mut [T],
    rows: &'a [T],
    x: &'a [T],
}

/// The scalar products of up to four rows with x, each in two times `L` lanes. `last` is what x has in its last `L` places, zero where
/// a whole chunk has it too; nothing where there are only whole chunks.
#[inline(always)]
fn dots<T: Real, const L: usize, const R: usize, W: Vectors<T, L>>(
    w: W,
    rows: &[&[T]; R],
    x: &[T],
    last: Option<&[T; L]>,
) -> [T; ROWS] {
    let (x_chunks, _) = x.as_chunks::<L>();
    let chunks: [&[[T; L]]; R] = std::array::from_fn(|r| {
        let (chunks, _) = rows[r].as_chunks::<L>();
        &chunks[..x_chunks.len()]
    });
    let mut even = [w.splat(T::default()); R];
    let mut odd = [w.splat(T::default()); R];
    let pairs = x_chunks.len() / 2;
    for k in 0..pairs {
        let (first, second) = (w.load(&x_chunks[2 * k]), w.load(&x_chunks[2 * k + 1]));
        for r in 0..R {
            even[r] = w.add(even[r], w.mul(first, w.load(&chunks[r][2 * k])));
            odd[r] = w.add(odd[r], w.mul(second, w.load(&chunks[r][2 * k + 1])));
        }
    }
    if x_chunks.len() % 2 == 1 {
        let end = x_chunks.len() - 1;
        let x = w.load(&x_chunks[end]);
        for r in 0..R {
            even[r] = w.add(even[r], w.mul(x, w.load(&chunks[r][end])));
        }
    }
    if let Some(last) = last {
        let x = w.load(last);
        for r in 0..R {
            if let Some(row) = rows[r].last_chunk::<L>() {
                odd[r] = w.add(odd[r], w.mul(x, w.load(row)));
            }
        }
    }
    let none = w.splat(T::default());
    w.sums(std::array::from_fn(|r| {
        if r < R { w.add(even[r], odd[r]) } else { none }
    }))
}

impl<T: Real, const L: usize> Kernel<T, L> for RowDots<'_, T> {
    #[inline(always)]
    fn run<W: Vectors<T, L>>(self, w: W) {
        let Self { out, rows, x } = self;
        let n = x.len();
        if n < L {
            for (out, row) in out.iter_mut().zip(rows.chunks_exact(n)) {
                *out = T::default();
                for (a, b) in row.iter().zip(x) {
                    *out += *a * *b;
                }
            }
            return;
        }
        let mut last = [T::default(); L];
        let left = n % L;
        last[L - left..].copy_from_slice(&x[n - left..]);
        let last = (left > 0).then_some(&last);
        let mut rows = rows;
        let (blocks, single) = out.as_chunks_mut::<ROWS>();
        for out in blocks {
            let (block, rest) = rows_of::<T, ROWS>(rows, n);
            *out = dots(w, &block, x, last);
            rows = rest;
        }
        for out in single {
            let (block, rest) = rows_of::<T, 1>(rows, n);
            [*out, ..] = dots(w, &block, x, last);
            rows = rest;
        }
    }
}

/// out\[i\] = row i · x; rows are contiguous and as long as `x`.
pub(crate) fn row_dots<T: Real>(out: &mut [T], rows: &[T], x: &[T]) {
    debug_assert_eq!(rows.len(), out.len() * x.len());
    if x.is_empty() {
        out.fill(T::default());
    } else {
        T::row_dots(out, rows, x);
    }
}

/// to\[column\]\[row\] = from\[row\]\[column\], for rows of the length `width`: what stands sector by sector, region by region.
pub(crate) fn turn(from: &[f32], width: usize, to: &mut [f32]) {
    debug_assert_eq!(from.len(), to.len());
    let height = from.len().checked_div(width).unwrap_or(0);
    if height == 0 {
        return;
    }
    let mut rows = from.chunks_exact(4 * width);
    for (at, block) in rows.by_ref().enumerate() {
        let (a, b) = block.split_at(2 * width);
        let ((a, b), (c, d)) = (a.split_at(width), b.split_at(width));
        let outs = to.chunks_exact_mut(height);
        for ((((a, b), c), d), out) in a.iter().zip(b).zip(c).zip(d).zip(outs) {
            out[4 * at..4 * at + 4].copy_from_slice(&[*a, *b, *c, *d]);
        }
    }
    for (at, row) in rows.remainder().chunks_exact(width).enumerate() {
        for (x, out) in row.iter().zip(to.chunks_exact_mut(height)) {
            out[height / 4 * 4 + at] = *x;
        }
    }
}

struct Leontief<'a>(&'a mut [f32], &'a [f32]);

impl NullaryFnOnce for Leontief<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        // Γ(I − DΓ)⁻¹ = (I − ΓD)⁻¹Γ: Gauss–Jordan on [I − ΓD | Γ]. The diagonal dominates, since a row of Γ sums to
        // less than one: no pivots. Columns of the left that are done are not touched again.
        let s = self.1.len();
        let width = 2 * s;
        let mut work = vec![0.0; s * width];
        for (row, from) in work.chunks_exact_mut(width).zip(self.0.chunks_exact(s)) {
            let (left, right) = row.split_at_mut(s);
            for ((x, g), own) in left.iter_mut().zip(from).zip(self.1) {
                *x = -g * own;
            }
            right.copy_from_slice(from);
        }
        for k in 0..s {
            work[k * width + k] += 1.0;
        }
        let mut pivot = vec![0.0; width];
        for k in 0..s {
            let row = &mut work[k * width..(k + 1) * width];
            let inverse = 1.0 / row[k];
            for x in &mut row[k..] {
                *x *= inverse;
            }
            pivot[k..].copy_from_slice(&row[k..]);
            for (r, row) in work.chunks_exact_mut(width).enumerate() {
                if r != k {
                    let factor = row[k];
                    for (x, p) in row[k..].iter_mut().zip(&pivot[k..]) {
                        *x -= factor * p;
                    }
                }
            }
        }
        for (to, row) in self.0.chunks_exact_mut(s).zip(work.chunks_exact(width)) {
            to.copy_from_slice(&row[s..]);
        }
    }
}

/// Γ ← Γ(I − DΓ)⁻¹ for a square matrix of input shares, row after row, and the diagonal `own` of D.
pub(crate) fn leontief(inputs: &mut [f32], own: &[f32]) {
    ARCH.dispatch(Leontief(inputs, own));
}

/// Σ a·b
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut out = [0.0];
    row_dots(&mut out, a, b);
    out[0]
}

/// y += factor · x
pub(crate) fn add_scaled(y: &mut [f64], factor: f64, x: &[f64]) {
    add_rows(y, &[factor], x);
}

/// Euclidean norm.
pub(crate) fn norm(x: &[f64]) -> f64 {
    dot(x, x).sqrt()
}

/// 1.5 · 2⁵²: adding it rounds to an integer, which then stands in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

#[inline(always)]
fn exp_of(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    // Taylor to r¹³ on |r| ≤ ln 2 / 2: below the last bit.
    let mut p = 1.0 / 6_227_020_800.0;
    for c in [
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
    ] {
        p = p * r + c;
    }
    let p = (p * r) * r + r + 1.0;
    f64::from_bits(p.to_bits().wrapping_add(shifted.to_bits() << 52))
}

#[inline(always)]
fn ln_of(x: f64) -> f64 {
    // x = 2^k · m with m in [√½, √2).
    const OFFSET: u64 = 0x3fe6_a09e_667f_3bcd;
    let bits = x.to_bits().wrapping_sub(OFFSET);
    let exponent = bits & 0xfff0_0000_0000_0000;
    let m = f64::from_bits(x.to_bits().wrapping_sub(exponent));
    // The signed exponent as a double, by the trick of `ROUND`.
    let biased = (bits.wrapping_add(1 << 63) >> 52) | 0x4330_0000_0000_0000;
    let k = f64::from_bits(biased) - (4_503_599_627_370_496.0 + 2048.0);
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let mut p = 1.0 / 23.0;
    for c in [
        1.0 / 21.0,
        1.0 / 19.0,
        1.0 / 17.0,
        1.0 / 15.0,
        1.0 / 13.0,
        1.0 / 11.0,
        1.0 / 9.0,
        1.0 / 7.0,
        1.0 / 5.0,
        1.0 / 3.0,
    ] {
        p = p * z + c;
    }
    // ln m = 2s + 2s·z·p, and 2s = f − s·f.
    let tail = s * (2.0 * z * p - f);
    let ln = k * LN_2_HIGH + (f + (tail + k * LN_2_LOW));
    if (f64::MIN_POSITIVE..f64::INFINITY).contains(&x) {
        ln
    } else {
        f64::NAN
    }
}

struct Exp<'a>(&'a mut [f64]);

impl NullaryFnOnce for Exp<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for x in self.0 {
            *x = exp_of(*x);
        }
    }
}

/// x ← exp(x); beyond ±700 the argument is cut off. The longer the slice, the fewer lanes are idle.
pub(crate) fn exp(x: &mut [f64]) {
    ARCH.dispatch(Exp(x));
}

struct Ln<'a>(&'a mut [f64]);

impl NullaryFnOnce for Ln<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for x in self.0 {
            *x = ln_of(*x);
        }
    }
}

/// x ← ln x; not a number where x is not a positive normal one.
pub(crate) fn ln(x: &mut [f64]) {
    ARCH.dispatch(Ln(x));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::run_plain;

    fn spread(k: usize) -> f64 {
        (k as f64 * 0.618_033_988_749_895).fract() - 0.5
    }

    #[test]
    fn exp_and_ln_are_right_to_the_last_bits() {
        for k in 0..200_000_usize {
            let x = 1200.0 * spread(k) * if k % 3 == 0 { 1e-3 } else { 1.0 };
            let mut y = [x];
            exp(&mut y);
            let want = x.exp();
            assert!(
                (y[0] / want - 1.0).abs() < 5e-16,
                "exp {x}: {} {want}",
                y[0]
            );
            let mut back = y;
            ln(&mut back);
            let want = y[0].ln();
            assert!(
                (back[0] - want).abs() <= 4e-16 * want.abs(),
                "ln {}: {} {want}",
                y[0],
                back[0]
            );
        }
        let mut y = [0.0, -1.0, f64::NAN, f64::INFINITY];
        ln(&mut y);
        assert!(y.iter().all(|x| x.is_nan()), "{y:?}");
        y = [0.0, f64::NAN, -2e9, 2e9];
        exp(&mut y);
        assert!(
            y[0].to_bits() == 1.0_f64.to_bits() && y[1].is_nan(),
            "{y:?}"
        );
        assert!(y[2] < 1e-300 && y[3] > 1e300, "{y:?}");
    }

    #[test]
    fn turned_twice_is_what_it_was() {
        let from: Vec<f32> = (0..15_u8).map(f32::from).collect();
        let (mut turned, mut back) = (vec![0.0; 15], vec![0.0; 15]);
        turn(&from, 5, &mut turned);
        assert!(turned[..4] == [0.0, 5.0, 10.0, 1.0]);
        turn(&turned, 3, &mut back);
        assert!(back == from);
        turn(&[], 0, &mut []);
    }

    /// The same in single precision: wide vectors as narrow ones.
    fn single(a: &[f64], x: &[f64], f: &[f64]) {
        let narrow = |v: &[f64]| v.iter().map(|x| *x as f32).collect::<Vec<f32>>();
        let (a, x, f) = (narrow(a), narrow(x), narrow(f));
        let mut wide = (vec![0.0; f.len()], x.clone());
        let mut plain = wide.clone();
        row_dots(&mut wide.0, &a, &x);
        add_rows(&mut wide.1, &f, &a);
        run_plain::<f32, 8, _>(RowDots {
            out: &mut plain.0,
            rows: &a,
            x: &x,
        });
        run_plain::<f32, 8, _>(AddRows {
            out: &mut plain.1,
            factors: &f,
            rows: &a,
        });
        let bits = |v: &[f32]| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&wide.0), bits(&plain.0));
        assert_eq!(bits(&wide.1), bits(&plain.1));
    }

    #[test]
    fn rows_of_every_length() {
        for n in 0..80 {
            for rows in 0..7 {
                let a: Vec<f64> = (0..n * rows).map(spread).collect();
                let x: Vec<f64> = (0..n).map(|k| spread(7 * k + 1)).collect();
                let f: Vec<f64> = (0..rows).map(|k| spread(3 * k + 2)).collect();
                let mut dots = vec![9.0; rows];
                row_dots(&mut dots, &a, &x);
                let bits = |v: &[f64]| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                if n > 0 {
                    let mut narrow = vec![9.0; rows];
                    run_plain::<f64, 4, _>(RowDots {
                        out: &mut narrow,
                        rows: &a,
                        x: &x,
                    });
                    assert_eq!(bits(&dots), bits(&narrow));
                }
                let mut sums = x.clone();
                add_rows(&mut sums, &f, &a);
                if n > 0 {
                    let mut narrow = x.clone();
                    run_plain::<f64, 4, _>(AddRows {
                        out: &mut narrow,
                        factors: &f,
                        rows: &a,
                    });
                    assert_eq!(bits(&sums), bits(&narrow));
                    single(&a, &x, &f);
                }
                for i in 0..rows {
                    let want: f64 = (0..n).map(|m| a[i * n + m] * x[m]).sum();
                    assert!((dots[i] - want).abs() < 1e-14);
                }
                for m in 0..n {
                    let want: f64 = x[m] + (0..rows).map(|i| f[i] * a[i * n + m]).sum::<f64>();
                    assert!((sums[m] - want).abs() < 1e-14);
                }
            }
        }
    }
}
