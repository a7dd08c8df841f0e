export function LimitsSection() {
  return null;
}
