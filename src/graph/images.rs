//! The images in use, each with a colour of its own.

use indexmap::IndexMap;
use serde::Serialize;

use crate::resolve::Images;
use crate::spec::{Fleet, GuestOs};

/// An image and its VMs.
#[derive(Debug, Serialize)]
pub(super) struct Image<'a> {
    /// What the spec calls it.
    pub(super) name: &'a str,
    /// Its OCI reference, if the name is another.
    reference: Option<&'a str>,
    /// The system inside.
    os: &'static str,
    /// Its colour, an angle on the colour wheel.
    hue: usize,
    /// How many VMs are made from it.
    count: usize,
}

/// The images seen so far, in the order of the fleet.
#[derive(Debug, Default)]
pub(super) struct Palette<'a>(IndexMap<&'a str, Image<'a>>);

/// How a VM is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// The colour of its image.
    pub(super) hue: usize,
    /// The system inside.
    pub(super) os: &'static str,
}

impl<'a> Palette<'a> {
    /// The look of one more VM of an image.
    pub(super) fn add(&mut self, image: &'a str, fleet: &'a Fleet, facts: &Images<'_>) -> Look {
        // Steps of the golden angle keep neighbours apart, however many there are.
        let hue = (230 + self.0.len() * 137) % 360;
        let new = || Image {
            name: image,
            reference: fleet.images.get(image).and_then(|image| image.reference.as_deref()),
            os: system(facts.facts(image).os),
            hue,
            count: 0,
        };
        let image = self.0.entry(image).or_insert_with(new);
        image.count += 1;
        Look { hue: image.hue, os: image.os }
    }

    /// The images.
    pub(super) fn into_images(self) -> Vec<Image<'a>> {
        self.0.into_values().collect()
    }
}

const fn system(os: Option<GuestOs>) -> &'static str {
    match os {
        Some(GuestOs::Macos) => "macOS",
        Some(GuestOs::Linux) => "Linux",
        None => "other",
    }
}
