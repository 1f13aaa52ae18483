//! Decimal numbers as text, quickly.

use std::ops::Range;

/// Two digits for each number below a hundred.
const PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819\
2021222324252627282930313233343536373839\
4041424344454647484950515253545556575859\
6061626364656667686970717273747576777879\
8081828384858687888990919293949596979899";

/// Room for the digits of any `u128`, and a point among the zeros of a scale of up to 40.
const DIGITS: usize = 96;
/// Most pieces of a number are no longer: so many bytes are copied in one step, whatever their number.
const PIECE: usize = 16;
const ROOM: usize = DIGITS + PIECE;

/// Appends `mantissa` / 10^`scale` without zeros at the end of the fraction, as `1234.5` or `-0.25`.
///
/// A scale above 40 counts as 40: no decimal type here reaches it.
pub fn push_decimal(out: &mut Vec<u8>, mantissa: i128, scale: u32) {
    if mantissa < 0 {
        out.push(b'-');
    }
    let (mut number, mut scale) = (mantissa.unsigned_abs(), scale.min(40) as usize);
    if number == 0 {
        out.push(b'0');
        return;
    }
    let mut room = [b'0'; ROOM];
    let mut at = DIGITS;
    // Most amounts fit 64 bits, whose division is many times as quick.
    while number > u128::from(u64::MAX) {
        let low = (number % 100) as usize;
        number /= 100;
        at -= 2;
        room[at..at + 2].copy_from_slice(&PAIRS[2 * low..2 * low + 2]);
    }
    let mut number = number as u64;
    while number >= 100 {
        let low = (number % 100) as usize;
        number /= 100;
        at -= 2;
        room[at..at + 2].copy_from_slice(&PAIRS[2 * low..2 * low + 2]);
    }
    if number >= 10 {
        at -= 2;
        let low = number as usize;
        room[at..at + 2].copy_from_slice(&PAIRS[2 * low..2 * low + 2]);
    } else if number > 0 {
        at -= 1;
        room[at] = b'0' + number as u8;
    }
    let mut end = DIGITS;
    while scale > 0 && room[end - 1] == b'0' {
        end -= 1;
        scale -= 1;
    }
    let point = end - scale;
    // The room is full of zeros: what stands before the first digit is one.
    let start = at.min(point.saturating_sub(1)).min(point);
    push_piece(out, &room, start..point);
    if scale > 0 {
        out.push(b'.');
        push_piece(out, &room, point..end);
    }
}

fn push_piece(out: &mut Vec<u8>, room: &[u8; ROOM], piece: Range<usize>) {
    match room[piece.start..].first_chunk::<PIECE>() {
        Some(step) if piece.len() <= PIECE => {
            let before = out.len();
            out.extend_from_slice(step);
            out.truncate(before + piece.len());
        }
        _ => out.extend_from_slice(&room[piece]),
    }
}

/// A number of single precision as it was most likely written: the nearest float of a decimal, read as that decimal.
pub fn real_of_single(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(mantissa: i128, scale: u32) -> String {
        let mut out = Vec::new();
        push_decimal(&mut out, mantissa, scale);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn zeros_at_the_end_go_and_others_stay() {
        assert_eq!(shown(200_000, 4), "20");
        assert_eq!(shown(-25, 2), "-0.25");
        assert_eq!(shown(5, 10), "0.0000000005");
        assert_eq!((shown(0, 3), shown(100, 0)), ("0".into(), "100".into()));
        assert_eq!(shown(i128::MIN, 0), i128::MIN.to_string());
    }

    proptest! {
        #[test]
        fn it_says_the_number(mantissa in any::<i128>(), scale in 0u32..=40) {
            let text = shown(mantissa, scale);
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            prop_assert!(!fraction.ends_with('0') && (text.contains('.') != fraction.is_empty()));
            let digits: String = whole.chars().chain(fraction.chars()).collect();
            let padded = digits + &"0".repeat(scale as usize - fraction.len());
            let bare = padded.trim_start_matches('-').trim_start_matches('0');
            let plain = mantissa.unsigned_abs().to_string();
            prop_assert_eq!(bare, if mantissa == 0 { "" } else { plain.as_str() });
            prop_assert_eq!(whole.starts_with('-'), mantissa < 0);
        }
    }
}
