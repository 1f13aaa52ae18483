//! Vectors of a fixed number of lanes, whatever the machine: wide registers where it has them, arrays where not.
//! Each operation is one per lane, never fused, so the bits are the same.

// See `kernels`.
#![allow(clippy::inline_always)]

use pulp::Arch;
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
use pulp::{NullaryFnOnce, Simd, cast, x86::V3};

use crate::kernels::Real;

/// Operations on `L` lanes of `T`.
pub(crate) trait Vectors<T, const L: usize>: Copy {
    type V: Copy;
    fn splat(self, x: T) -> Self::V;
    fn load(self, from: &[T; L]) -> Self::V;
    fn store(self, v: Self::V, to: &mut [T; L]);
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    /// The sum of the lanes of each: neighbours first, then the sums of neighbours.
    fn sums(self, v: [Self::V; 4]) -> [T; 4];
}

/// Something to do with vectors.
pub(crate) trait Kernel<T, const L: usize> {
    fn run<W: Vectors<T, L>>(self, w: W);
}

/// Lanes as arrays.
#[derive(Clone, Copy)]
struct Plain;

impl<T: Real, const L: usize> Vectors<T, L> for Plain {
    type V = [T; L];

    #[inline(always)]
    fn splat(self, x: T) -> [T; L] {
        [x; L]
    }
    #[inline(always)]
    fn load(self, from: &[T; L]) -> [T; L] {
        *from
    }
    #[inline(always)]
    fn store(self, v: [T; L], to: &mut [T; L]) {
        *to = v;
    }
    #[inline(always)]
    fn add(self, a: [T; L], b: [T; L]) -> [T; L] {
        std::array::from_fn(|l| a[l] + b[l])
    }
    #[inline(always)]
    fn mul(self, a: [T; L], b: [T; L]) -> [T; L] {
        std::array::from_fn(|l| a[l] * b[l])
    }
    #[inline(always)]
    fn sums(self, v: [[T; L]; 4]) -> [T; 4] {
        v.map(|mut lanes| {
            let mut width = L;
            while width > 1 {
                width /= 2;
                for l in 0..width {
                    lanes[l] = lanes[2 * l] + lanes[2 * l + 1];
                }
            }
            lanes[0]
        })
    }
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
impl Vectors<f64, 4> for V3 {
    type V = pulp::f64x4;

    #[inline(always)]
    fn splat(self, x: f64) -> Self::V {
        self.splat_f64s(x)
    }
    #[inline(always)]
    fn load(self, from: &[f64; 4]) -> Self::V {
        cast(*from)
    }
    #[inline(always)]
    fn store(self, v: Self::V, to: &mut [f64; 4]) {
        *to = cast(v);
    }
    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        self.add_f64s(a, b)
    }
    #[inline(always)]
    fn mul(self, a: Self::V, b: Self::V) -> Self::V {
        self.mul_f64s(a, b)
    }
    #[inline(always)]
    fn sums(self, v: [Self::V; 4]) -> [f64; 4] {
        let [a, b, c, d] = v.map(cast);
        let (low, high) = (self.avx._mm256_hadd_pd(a, b), self.avx._mm256_hadd_pd(c, d));
        let halves = (
            self.avx._mm256_permute2f128_pd::<0x20>(low, high),
            self.avx._mm256_permute2f128_pd::<0x31>(low, high),
        );
        cast(self.avx._mm256_add_pd(halves.0, halves.1))
    }
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
impl Vectors<f32, 8> for V3 {
    type V = pulp::f32x8;

    #[inline(always)]
    fn splat(self, x: f32) -> Self::V {
        self.splat_f32s(x)
    }
    #[inline(always)]
    fn load(self, from: &[f32; 8]) -> Self::V {
        cast(*from)
    }
    #[inline(always)]
    fn store(self, v: Self::V, to: &mut [f32; 8]) {
        *to = cast(v);
    }
    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        self.add_f32s(a, b)
    }
    #[inline(always)]
    fn mul(self, a: Self::V, b: Self::V) -> Self::V {
        self.mul_f32s(a, b)
    }
    #[inline(always)]
    fn sums(self, v: [Self::V; 4]) -> [f32; 4] {
        let [a, b, c, d] = v.map(cast);
        let pairs = (self.avx._mm256_hadd_ps(a, b), self.avx._mm256_hadd_ps(c, d));
        let halves = self.avx._mm256_hadd_ps(pairs.0, pairs.1);
        let low = self.avx._mm256_castps256_ps128(halves);
        let high = self.avx._mm256_extractf128_ps::<1>(halves);
        cast(self.sse._mm_add_ps(low, high))
    }
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod wide {
    use super::{Kernel, NullaryFnOnce, V3, Vectors};

    pub(super) struct On<T, const L: usize, K>(pub(super) V3, pub(super) K, pub(super) [T; 0]);

    impl<T, const L: usize, K: Kernel<T, L>> NullaryFnOnce for On<T, L, K>
    where
        V3: Vectors<T, L>,
    {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            self.1.run(self.0);
        }
    }
}

/// Runs a kernel on the widest vectors there are.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
#[inline]
pub(crate) fn run<T: Real, const L: usize, K: Kernel<T, L>>(arch: Arch, kernel: K)
where
    V3: Vectors<T, L>,
{
    match arch {
        Arch::V3(simd) => Simd::vectorize(simd, wide::On::<T, L, K>(simd, kernel, [])),
        _ => kernel.run(Plain),
    }
}

/// Runs a kernel on lanes as arrays.
#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
#[inline]
pub(crate) fn run<T: Real, const L: usize, K: Kernel<T, L>>(_: Arch, kernel: K) {
    kernel.run(Plain);
}

/// For tests: the same kernel on lanes as arrays.
#[cfg(test)]
pub(crate) fn run_plain<T: Real, const L: usize, K: Kernel<T, L>>(kernel: K) {
    kernel.run(Plain);
}
