import { Page } from '../../parts/page.tsx';

export function GeneratePage() {
  return <Page title="Generate">{null}</Page>;
}
