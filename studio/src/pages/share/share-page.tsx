import { Page } from '../../parts/page.tsx';

export function SharePage() {
  return <Page title="Shared">{null}</Page>;
}
