//! Which minion a pillar file is for, by its name.

/// The minion id from which the name of an emitted host file was made, without its folder: `=m=m1+example.sls` is for
/// `MM1.example`. `None` for a name that tartgen does not make.
pub(crate) fn minion_of(name: &str) -> Option<String> {
    let stem = name.strip_suffix(".sls")?;
    let mut id = String::with_capacity(stem.len());
    let mut rest = stem.chars();
    while let Some(character) = rest.next() {
        match character {
            'a'..='z' | '0'..='9' | '_' | '-' => id.push(character),
            '+' => id.push('.'),
            '=' => id.push(rest.next().filter(char::is_ascii_lowercase)?.to_ascii_uppercase()),
            _ => return None,
        }
    }
    (!id.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for (name, id) in [("mm1.sls", "mm1"), ("=m=m1+example+com.sls", "MM1.example.com"), ("a_-9.sls", "a_-9")] {
            assert_eq!(minion_of(name).as_deref(), Some(id), "{name}");
        }
        for name in ["mm1", ".sls", "MM1.sls", "a.b.sls", "=.sls", "=M.sls", "é.sls"] {
            assert_eq!(minion_of(name), None, "{name}");
        }
    }
}
