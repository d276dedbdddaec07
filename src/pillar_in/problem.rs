//! Why a pillar cannot be used, with its place.

use std::fmt;

use super::value::Place;
use crate::source::printable;

/// A pillar that cannot be read, or that the states would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    place: Place,
    message: String,
}

impl Problem {
    /// A problem in full sentences about a place.
    pub(crate) fn new(place: &Place, message: impl Into<String>) -> Self {
        Self { place: place.clone(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { file, line } = &self.place;
        write!(formatter, "{}:{line}: {}", printable(file), printable(&self.message))
    }
}

impl std::error::Error for Problem {}
