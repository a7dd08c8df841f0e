import { Page } from '../../parts/page.tsx';

export function DashboardPage() {
  return <Page title="Dashboard">{null}</Page>;
}
