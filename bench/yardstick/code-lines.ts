/** Lines that a person has to write: neither blank nor only a comment. */
export function codeLines(text: string): number {
  let isInComment = false;
  return text.split('\n').filter((line) => {
    const words = line.trim();
    if (isInComment) {
      isInComment = !words.includes('*/');
      return false;
    }
    if (words.startsWith('/*')) {
      isInComment = !words.includes('*/');
      return false;
    }
    return words !== '' && !words.startsWith('//') && !words.startsWith('#');
  }).length;
}
