/**
 * A cell that begins with one of these is taken for a formula by spreadsheets (OWASP, "CSV
 * Injection"). A leading apostrophe makes it text. Cells that begin with apostrophes followed by such
 * a character get one more, so that reading back always finds what was written.
 */
const FORMULA = /^'*[=+\-@\t\r]/;
const PROTECTED = /^'+[=+\-@\t\r]/;

/** Makes a cell safe to open in a spreadsheet: `=1+1` becomes `'=1+1`. */
export function protectCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** The inverse of `protectCell`. */
export function unprotectCell(text: string): string {
  return PROTECTED.test(text) ? text.slice(1) : text;
}
