//! The fleet as one picture: an HTML page that needs nothing else.

mod bars;
mod cards;
mod images;
mod totals;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use self::cards::{Card, cards};
use self::images::{Image, Palette};
use self::totals::{Tile, tiles};
use crate::compile::Outcome;
use crate::resolve::Images;

const PAGE: &str = include_str!("page.html.j2");

/// With more hosts than this, those that are alike share a card.
const MOST_CARDS: usize = 200;

/// Everything that the page shows; its template decides nothing.
#[derive(Debug, Serialize)]
struct Page<'a> {
    /// The name of the spec.
    spec: &'a str,
    tiles: Vec<Tile>,
    images: Vec<Image<'a>>,
    cards: Vec<Card<'a>>,
    /// Whether hosts that are alike share a card.
    is_grouped: bool,
}

/// The page of a fleet; nothing if the spec has errors.
#[must_use]
pub fn graph(outcome: &Outcome) -> String {
    let (Some(fleet), Some(plan)) = (outcome.fleet(), outcome.plan()) else { return String::new() };
    let facts = Images::new(fleet);
    let mut palette = Palette::default();
    let all = cards(fleet, &facts, &mut palette);
    let tiles = tiles(&all);
    let is_grouped = all.len() > MOST_CARDS;
    let cards = if is_grouped { cards::group(all) } else { all };
    let page = Page { spec: &plan.spec_name, tiles, images: palette.into_images(), cards, is_grouped };
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    // Whatever a spec says is text, never HTML.
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    env.set_syntax(syntax.unwrap_or_default());
    // The template is fixed and a test renders it, so this cannot fail.
    env.render_str(PAGE, Serde(&page)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
