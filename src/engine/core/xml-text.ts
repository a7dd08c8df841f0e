/** Everything that XML 1.0 cannot hold, not even escaped: most control characters, lone surrogates. */
const IMPOSSIBLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser would turn a bare carriage return into a line feed.
  '\r': '&#13;',
};

/** Text as it may stand in an XML element; characters that XML cannot hold are left out. */
export function escapeXml(text: string): string {
  return possibleXml(text).replace(/[&<>"'\r]/g, (character) => ESCAPES[character] ?? character);
}

/** The text without the characters that XML cannot hold. */
export function possibleXml(text: string): string {
  return text.replace(IMPOSSIBLE, '');
}
