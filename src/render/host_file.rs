//! The name of a host's pillar file.

/// Longest name of a file that common file systems take, less room for the temporary name it is written under.
const LONGEST: usize = 250;

/// The file name of a minion's pillar, without its folder.
///
/// Salt splits SLS names at dots and reads them as globs, and macOS does not tell `MM1` from `mm1`; so `.` becomes
/// `+`, `M` becomes `=m`, and everything else that may stand in an id stays. No two ids share a name, whatever their
/// case. `top.sls` computes the same mapping. `None` if the id has other characters or the name would be too long.
pub(crate) fn host_file(minion_id: &str) -> Option<String> {
    let mut name = String::with_capacity(minion_id.len() + 4);
    for c in minion_id.chars() {
        match c {
            'a'..='z' | '0'..='9' | '_' | '-' => name.push(c),
            'A'..='Z' => name.extend(['=', c.to_ascii_lowercase()]),
            '.' => name.push('+'),
            _ => return None,
        }
    }
    name.push_str(".sls");
    (name.len() <= LONGEST && name.len() > ".sls".len()).then_some(name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names() {
        assert_eq!(host_file("mm1").as_deref(), Some("mm1.sls"));
        assert_eq!(host_file("MM1.example.com").as_deref(), Some("=m=m1+example+com.sls"));
        assert_eq!(host_file("mm[1]"), None);
        assert_eq!(host_file("é"), None);
        assert_eq!(host_file(""), None);
        assert_eq!(host_file(&"a".repeat(246)).map(|name| name.len()), Some(250));
        assert_eq!(host_file(&"a".repeat(247)), None);
    }

    #[test]
    fn no_two_ids_share_a_name_even_without_case() {
        let alphabet = ["a", "A", "b", "B", "1", ".", "-", "_"];
        let mut ids = vec![String::new()];
        for _ in 0..4 {
            let longer = ids.iter().flat_map(|id| alphabet.iter().map(move |c| format!("{id}{c}")));
            ids = ids.iter().cloned().chain(longer).collect();
        }
        let ids: BTreeSet<String> = ids.into_iter().filter(|id| !id.is_empty()).collect();
        let names: BTreeSet<String> =
            ids.iter().filter_map(|id| host_file(id)).map(|name| name.to_lowercase()).collect();
        assert_eq!(names.len(), ids.len());
    }
}
