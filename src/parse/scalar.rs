//! YAML 1.2's core schema for plain scalars.

use std::borrow::Cow;

use super::Kind;

/// What an unquoted scalar means.
pub(super) fn resolve(text: Cow<'_, str>) -> Kind {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        // Words, which most scalars are, need no closer look: numbers begin with a digit, a sign or a point.
        _ if text.starts_with(|character: char| character.is_ascii_alphabetic()) => Kind::String(text.into_owned()),
        _ => number(&text).unwrap_or_else(|| Kind::String(text.into_owned())),
    }
}

/// Whether a plain scalar is a decimal number that YAML 1.1 reads as an octal one.
pub(super) fn is_ambiguous(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn number(text: &str) -> Option<Kind> {
    if let Some(digits) = text.strip_prefix("0o") {
        return integer(digits, 8, false);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return integer(digits, 16, false);
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    integer(unsigned, 10, negative).or_else(|| float(text, unsigned, negative))
}

fn integer(digits: &str, radix: u32, negative: bool) -> Option<Kind> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    // Only digits are left, so the one way to fail is to be too large.
    let magnitude = i64::from_str_radix(digits, radix).unwrap_or(i64::MAX);
    Some(Kind::Integer(if negative { -magnitude } else { magnitude }))
}

fn float(text: &str, unsigned: &str, negative: bool) -> Option<Kind> {
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(Kind::Float(if negative { f64::NEG_INFINITY } else { f64::INFINITY })),
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return Some(Kind::Float(f64::NAN)),
        _ => {}
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_is_fine = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    let has_digits = !(whole.is_empty() && fraction.is_empty());
    if has_digits && digits(whole) && digits(fraction) && exponent_is_fine {
        text.parse().ok().map(Kind::Float)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_schema() {
        let shown = |text| format!("{:?}", resolve(Cow::Borrowed(text)));
        for (text, expected) in [
            ("", "Null"),
            ("~", "Null"),
            ("TRUE", "Bool(true)"),
            ("12", "Integer(12)"),
            ("-7", "Integer(-7)"),
            ("0x1F", "Integer(31)"),
            ("0o17", "Integer(15)"),
            ("1e3", "Float(1000.0)"),
            (".5", "Float(0.5)"),
            ("5.", "Float(5.0)"),
            ("-.inf", "Float(-inf)"),
            (".nan", "Float(NaN)"),
            ("99999999999999999999999999999999999999999999", "Integer(9223372036854775807)"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn everything_else_is_a_string() {
        for text in
            ["yes", "no", "on", "=", "1:30", "1_000", "15.6.1", ".", "e3", "1e", "-", "+", "0x", "2024-01-01", "tRue"]
        {
            assert!(matches!(resolve(Cow::Borrowed(text)), Kind::String(_)), "{text}");
        }
    }

    #[test]
    fn leading_zeros_are_ambiguous() {
        assert!(is_ambiguous("012") && is_ambiguous("-00"));
        assert!(!is_ambiguous("0") && !is_ambiguous("0o12") && !is_ambiguous("0.5") && !is_ambiguous("10"));
    }
}
