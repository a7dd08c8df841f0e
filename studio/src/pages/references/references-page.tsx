import { Page } from '../../parts/page.tsx';

export function ReferencesPage() {
  return <Page title="References">{null}</Page>;
}
