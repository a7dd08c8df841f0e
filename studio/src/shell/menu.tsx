import { Link } from '@tanstack/react-router';
import { Kbd } from '@heroui/react';
import { PAGES } from './pages.ts';

export function Menu({ onChosen }: { readonly onChosen?: () => void }) {
  return (
    <>
      <div className="mb-5 flex items-center gap-2 px-2">
        <img src="/imagemill.svg" alt="" className="size-6" />
        <span className="font-semibold tracking-tight">Imagemill</span>
        <span className="ml-auto hidden lg:inline">
          <Kbd>
            <Kbd.Abbr keyValue="ctrl" />
            <Kbd.Content>K</Kbd.Content>
          </Kbd>
        </span>
      </div>
      <nav aria-label="Pages" className="flex flex-col gap-0.5">
        {PAGES.map(({ to, title, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            {...(onChosen && { onClick: onChosen })}
            className="flex min-h-9 items-center gap-2.5 rounded-md px-2 text-sm text-muted outline-offset-2 hover:bg-default hover:text-foreground data-[status=active]:bg-default data-[status=active]:font-medium data-[status=active]:text-foreground"
          >
            <Icon aria-hidden className="size-4" />
            {title}
          </Link>
        ))}
      </nav>
    </>
  );
}
