//! Plain scalars as Salt's YAML 1.1 loader reads them.

use super::value::Value;

/// What Salt makes of an unquoted scalar; `None` where its loader gives up.
///
/// `PyYAML` resolves by the patterns of YAML 1.1; Salt's loader on top of it takes the zeros off the front of a number
/// before it is read as an octal one, and leaves dates as strings. (pyyaml: resolver.py, constructor.py; salt:
/// utils/yamlloader.py)
pub(super) fn resolve(text: &str) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Value::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Value::Bool(false),
        // `PyYAML` has a type for it and nothing that makes one.
        "=" => return None,
        _ => integer(text)
            .map(Value::Int)
            .or_else(|| is_float(text).then(|| Value::Float(text.to_owned())))
            .unwrap_or_else(|| Value::Text(text.to_owned())),
    })
}

fn integer(text: &str) -> Option<i128> {
    let (sign, unsigned) = sign(text);
    let number = magnitude(unsigned, sign.is_empty())?;
    Some(if sign == "-" { -number } else { number })
}

fn magnitude(digits: &str, is_bare: bool) -> Option<i128> {
    if let Some(binary) = digits.strip_prefix("0b") {
        return number(binary, 2);
    }
    if let Some(hexadecimal) = digits.strip_prefix("0x") {
        return number(hexadecimal, 16);
    }
    if digits == "0" {
        return Some(0);
    }
    if let Some(octal) = digits.strip_prefix('0') {
        let looks_octal = octal.chars().all(|digit| digit == '_' || digit.is_digit(8));
        // Salt strips the zeros of a number without a sign, which leaves a decimal one.
        let radix = if is_bare { 10 } else { 8 };
        let stripped = digits.trim_start_matches('0').replace('_', "");
        return match (looks_octal, stripped.is_empty()) {
            (false, _) => None,
            (true, true) => Some(0),
            (true, false) => number(&stripped, radix),
        };
    }
    if digits.contains(':') { sexagesimal(digits) } else { decimal(digits) }
}

/// Digits of a base, between which `_` may stand.
fn number(digits: &str, radix: u32) -> Option<i128> {
    let is_fine = !digits.is_empty() && digits.chars().all(|digit| digit == '_' || digit.is_digit(radix));
    let digits = digits.replace('_', "");
    // Only digits are left, so the one way to fail is to be too large.
    (is_fine && !digits.is_empty()).then(|| i128::from_str_radix(&digits, radix).unwrap_or(i128::MAX))
}

fn decimal(digits: &str) -> Option<i128> {
    if digits.starts_with(|digit: char| ('1'..='9').contains(&digit)) { number(digits, 10) } else { None }
}

/// `1:30` is 90: minutes and seconds, as long as none of them is above 59.
fn sexagesimal(text: &str) -> Option<i128> {
    let (first, rest) = text.split_once(':')?;
    rest.split(':').try_fold(decimal(first)?, |sum, part| {
        let is_fine = (1..=2).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit());
        let part: i128 = part.parse().ok().filter(|part| is_fine && *part < 60)?;
        Some(sum.saturating_mul(60).saturating_add(part))
    })
}

fn is_float(text: &str) -> bool {
    let (sign, unsigned) = sign(text);
    if [".inf", ".Inf", ".INF"].contains(&unsigned) {
        return true;
    }
    if sign.is_empty() && [".nan", ".NaN", ".NAN"].contains(&unsigned) {
        return true;
    }
    let Some((whole, fraction)) = unsigned.split_once('.') else { return false };
    let digits = |text: &str| text.chars().all(|digit| digit == '_' || digit.is_ascii_digit());
    let begins = |text: &str| text.starts_with(|digit: char| digit.is_ascii_digit());
    if let Some((minutes, rest)) = whole.split_once(':') {
        let parts = rest.split(':').all(|part| part.parse::<u8>().is_ok_and(|part| part < 60));
        return begins(minutes) && digits(minutes) && parts && digits(fraction);
    }
    let (fraction, exponent) = match fraction.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (fraction, None),
    };
    // An exponent must have a sign.
    let has_exponent = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
    });
    let has_digits =
        if whole.is_empty() { sign.is_empty() && begins(fraction) } else { begins(whole) && digits(whole) };
    has_digits && digits(fraction) && has_exponent
}

fn sign(text: &str) -> (&str, &str) {
    text.split_at(usize::from(text.starts_with(['-', '+'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_salt_reads_them() {
        for (text, expected) in [
            ("012", 12),
            ("0012", 12),
            ("+012", 10),
            ("-012", -10),
            ("00", 0),
            ("0", 0),
            ("-0", 0),
            ("0_7", 7),
            ("1_000", 1000),
            ("0x1F", 31),
            ("-0x1F", -31),
            ("0b11", 3),
            ("1:30", 90),
            ("190:20:30", 685_230),
            ("-1:00", -60),
            ("99999999999999999999999999999999999999999999", i128::MAX),
        ] {
            assert_eq!(resolve(text), Some(Value::Int(expected)), "{text}");
        }
        for (text, expected) in [("yes", true), ("On", true), ("TRUE", true), ("no", false), ("OFF", false)] {
            assert_eq!(resolve(text), Some(Value::Bool(expected)), "{text}");
        }
        for text in ["1.5", ".5", "5.", "1.5e+3", "-.inf", ".NaN", "1_0.5", "1:30.5", "-1.0", "685_230.15"] {
            assert_eq!(resolve(text), Some(Value::Float(text.to_owned())), "{text}");
        }
        for text in ["~", "", "NULL"] {
            assert_eq!(resolve(text), Some(Value::Null), "{text}");
        }
        for text in [
            "08",
            "0o12",
            "1e3",
            "1.5e3",
            "y",
            "n",
            "yEs",
            "2026-08-01",
            "1:60",
            "0:30",
            "12:3a",
            "-.5",
            "0x",
            "0b2",
            "_1",
            "+",
        ] {
            assert_eq!(resolve(text), Some(Value::Text(text.to_owned())), "{text}");
        }
        assert_eq!(resolve("="), None);
    }
}
