/**
 * What secrets look like: our own keys, sessions and signing secrets, keys of vendors and of Stripe, what
 * stands behind `Bearer`, and passwords in addresses. For texts of which nobody knows what is in them.
 */
const SHAPES =
  /\b(?:(?:im[is]?|shr)_[a-z0-9]{16,}|whsec_[A-Za-z0-9+/=_-]{8,}|(?:sk|rk|pk)[-_][A-Za-z0-9_-]{12,}|AIza[A-Za-z0-9_-]{20,}|AKIA[A-Z0-9]{12,})|(?<=Bearer\s)\S+|(?<=:\/\/[^\s:/@]*:)[^\s@/]+(?=@)/g;

export function withoutSecrets(text: string): string {
  return text.replaceAll(SHAPES, '[secret]');
}
