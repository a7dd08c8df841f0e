/**
 * A text for a terminal of so many columns: what is longer is broken between words and goes on below its
 * own beginning. What has no space to break at stays whole.
 */
export function fitLines(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => fitLine(line, columns))
    .join('\n');
}

function fitLine(line: string, columns: number): readonly string[] {
  if (line.length <= columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  // A break within the indent would leave an empty line, and come to no end.
  const at = line.lastIndexOf(' ', columns);
  if (at <= indent.length) return [line];
  return [line.slice(0, at).trimEnd(), ...fitLine(indent + line.slice(at).trimStart(), columns)];
}
