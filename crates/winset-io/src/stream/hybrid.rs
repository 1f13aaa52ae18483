//! Small numbers in Parquet's hybrid of runs and packed bits, as levels and places in dictionaries are kept.

use parquet::errors::ParquetError;

fn cut_off() -> ParquetError {
    ParquetError::EOF("a page ends before its values do".to_owned())
}

/// The next bytes, which are then no longer there.
pub(super) fn take<'b>(bytes: &mut &'b [u8], count: usize) -> Result<&'b [u8], ParquetError> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or_else(cut_off)?;
    *bytes = rest;
    Ok(taken)
}

/// The next four bytes as a number.
pub(super) fn take_length(bytes: &mut &[u8]) -> Result<usize, ParquetError> {
    let mut length = [0; 4];
    length.copy_from_slice(take(bytes, 4)?);
    Ok(u32::from_le_bytes(length) as usize)
}

fn take_varint(bytes: &mut &[u8]) -> Result<u64, ParquetError> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let byte = take(bytes, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(ParquetError::General("a run of no length".to_owned()))
}

/// The number of one bit that all of so many are, where they are kept as one run.
pub(super) fn one_run(mut bytes: &[u8], count: usize) -> Option<bool> {
    let header = take_varint(&mut bytes).ok()?;
    let whole = header & 1 == 0 && header >> 1 >= count as u64;
    let value = take(&mut bytes, 1).ok()?;
    whole.then(|| value[0] != 0)
}

/// Reads so many numbers of `width` bits each into `out`, which loses what it held.
pub(super) fn unpack(
    mut bytes: &[u8],
    width: u32,
    count: usize,
    out: &mut Vec<u32>,
) -> Result<(), ParquetError> {
    if width > u32::BITS {
        let what = format!("numbers of {width} bits");
        return Err(ParquetError::General(what));
    }
    out.clear();
    while out.len() < count {
        let left = count - out.len();
        let header = take_varint(&mut bytes)?;
        let length = usize::try_from(header >> 1).unwrap_or(usize::MAX);
        if header & 1 == 0 {
            let mut number = [0; 4];
            let value = take(&mut bytes, width.div_ceil(8) as usize)?;
            number[..value.len()].copy_from_slice(value);
            // After a run of nothing the bytes come to their end some time.
            out.resize(out.len() + length.min(left), u32::from_le_bytes(number));
        } else {
            // Groups of eight; the last may lack the bytes that hold no number.
            let size = length.saturating_mul(width as usize).min(bytes.len());
            let packed = take(&mut bytes, size)?;
            unpack_bits(packed, width, length.saturating_mul(8).min(left), out)?;
        }
    }
    Ok(())
}

/// Appends so many numbers of packed bits.
fn unpack_bits(
    packed: &[u8],
    width: u32,
    count: usize,
    out: &mut Vec<u32>,
) -> Result<(), ParquetError> {
    if packed.len() < (count * width as usize).div_ceil(8) {
        return Err(cut_off());
    }
    let mask = (1u64 << width) - 1;
    let (mut bits, mut filled) = (0u64, 0);
    let mut bytes = packed.iter();
    for _ in 0..count {
        while filled < width {
            bits |= u64::from(bytes.next().copied().unwrap_or(0)) << filled;
            filled += 8;
        }
        out.push((bits & mask) as u32);
        bits >>= width;
        filled -= width;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::dictionary::{pack, varint};
    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(
            (width, places) in (0u32..=32).prop_flat_map(|width| {
                let most = ((1u64 << width) - 1) as u32;
                (Just(width), proptest::collection::vec(0..=most, 1..200))
            }),
        ) {
            let (mut bytes, mut out) = (Vec::new(), vec![7]);
            pack(&places, width, &mut bytes);
            unpack(&bytes, width, places.len(), &mut out).unwrap();
            prop_assert_eq!(&out, &places);
            if width > 0 {
                prop_assert!(unpack(&bytes[..1], width, places.len(), &mut out).is_err());
            }
        }

        #[test]
        fn any_bytes_come_to_an_end(bytes in any::<Vec<u8>>(), width in 0u32..40, count in 0usize..5000) {
            let mut out = Vec::new();
            if unpack(&bytes, width, count, &mut out).is_ok() {
                prop_assert_eq!(out.len(), count);
            }
        }
    }

    #[test]
    fn one_run_is_told_without_its_numbers() {
        let run = |count: u64, value: u8| {
            let mut bytes = Vec::new();
            varint(count << 1, &mut bytes);
            bytes.push(value);
            bytes
        };
        assert_eq!(one_run(&run(1 << 40, 0), 5), Some(false));
        assert_eq!(one_run(&run(5, 1), 5), Some(true));
        assert_eq!((one_run(&run(4, 1), 5), one_run(&[], 5)), (None, None));
    }

    #[test]
    fn runs_and_packed_groups_follow_one_another() {
        let mut bytes = Vec::new();
        // Three sevens, then eight numbers of three bits from zero on (the example of the format's text).
        varint(3 << 1, &mut bytes);
        bytes.push(7);
        varint(1 << 1 | 1, &mut bytes);
        bytes.extend([0b1000_1000, 0b1100_0110, 0b1111_1010]);
        let mut out = Vec::new();
        unpack(&bytes, 3, 11, &mut out).unwrap();
        assert_eq!(out, [7, 7, 7, 0, 1, 2, 3, 4, 5, 6, 7]);
    }
}
