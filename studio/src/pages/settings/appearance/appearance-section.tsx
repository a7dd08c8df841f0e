export function AppearanceSection() {
  return null;
}
