export function ModelsSection() {
  return null;
}
