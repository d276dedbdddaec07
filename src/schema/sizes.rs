//! Sizes with units that tart does not have.

use super::patterns::fits;

/// What to write instead of a size that its pattern refuses, if it can be told what is meant.
pub(super) fn meant_size(text: &str, pattern: &str) -> Option<String> {
    let unit = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let number = text.strip_suffix(unit)?;
    let count: u64 = number.parse().ok()?;
    let unit = unit.trim().to_ascii_lowercase();
    let (size, why) = if pattern.ends_with("GiB)$") {
        let unit = match unit.as_str() {
            "g" | "gb" | "gi" | "gib" => "GiB",
            "m" | "mb" | "mi" | "mib" => "MiB",
            _ => return None,
        };
        (format!("{count}{unit}"), "tart counts memory in MiB of 2^20 bytes")
    } else if pattern.ends_with("GB$") {
        let gb = match unit.as_str() {
            "g" | "gb" => count,
            "gi" | "gib" => count.checked_mul(GIB)?.div_ceil(GB),
            "m" | "mb" => count.div_ceil(1000),
            "t" | "tb" => count.checked_mul(1000)?,
            _ => return None,
        };
        (format!("{gb}GB"), "tart counts disks in GB of 10^9 bytes")
    } else {
        return None;
    };
    fits(pattern, &size).then(|| format!("write `{size}`: {why}"))
}

const GIB: u64 = 1 << 30;
const GB: u64 = 1_000_000_000;
