import { Link } from '@tanstack/react-router';
import { EmptyPanel } from '../parts/empty-panel.tsx';

export function NotFound() {
  return (
    <main className="p-8">
      <EmptyPanel title="There is no such page" detail="It may have moved, or the link was cut.">
        <Link to="/runs" className="text-link underline">
          To your runs
        </Link>
      </EmptyPanel>
    </main>
  );
}
