// What a document is after the user takes an offered completion and accepts what it fills in.

// Fills in a snippet: `${1:text}` gives the text, `${1|a,b|}` the first choice, `$1` nothing.
export function fill(snippet) {
  return snippet
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1')
    .replace(/\$\{\d+\}|\$\d+/g, '')
    .replace(/\\([$}\\])/g, '$1');
}

// The text that a completion puts in, with further lines indented like the line that it is put into.
export function inserted(text, item) {
  const raw = item.textEdit?.newText ?? item.insertText ?? item.label;
  const line = text.split('\n')[item.textEdit.range.start.line];
  const indent = /^ */.exec(line)[0];
  return (item.insertTextFormat === 2 ? fill(raw) : raw).replaceAll('\n', `\n${indent}`);
}

export function apply(text, item) {
  const { start, end } = item.textEdit.range;
  return text.slice(0, offset(text, start)) + inserted(text, item) + text.slice(offset(text, end));
}

export function offset(text, { line, character }) {
  const before = text.split('\n').slice(0, line);
  return before.reduce((sum, each) => sum + each.length + 1, 0) + character;
}

export function position(text, at) {
  const lines = text.slice(0, at).split('\n');
  return { line: lines.length - 1, character: lines.at(-1).length };
}
