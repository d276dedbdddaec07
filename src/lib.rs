//! tartgen compiles a typed fleet spec into a `SaltStack` tree.

mod diag;
mod parse;
mod plan;
mod read;
mod schema;
mod source;
mod spec;
mod tree;

#[doc(hidden)]
pub fn try_it(path: &str) {
    let s = read::read(path.into()).unwrap();
    let mut report = diag::Report::default();
    let doc = parse::parse(&s, &mut report);
    if let Some(mut doc) = doc {
        let fleet = schema::check(&mut doc, &s, &mut report);
        if report.has_errors() == false { println!("{fleet:#?}"); }
    }
    println!("{}", diag::render(&report.into_sorted(), &s, diag::Format::Human { colour: false }));
}
#[doc(hidden)]
pub fn sch() { println!("{}", schema::text()) }
