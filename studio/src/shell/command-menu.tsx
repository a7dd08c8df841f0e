/** Ctrl-K: every page and every recent run by a few letters. */
import { useState } from 'react';
import { Modal } from '@heroui/react';
import { useHotkey } from '@tanstack/react-hotkeys';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { runsQuery } from '../queries/runs.ts';
import { PAGES } from './pages.ts';

export function CommandMenu() {
  const [isOpen, setIsOpen] = useState(false);
  const [search, setSearch] = useState('');
  const navigate = useNavigate();
  useHotkey('Mod+K', () => setIsOpen((was) => !was));
  const { data } = useInfiniteQuery({ ...runsQuery({ search }), enabled: isOpen });
  const found = data?.pages[0]?.data.slice(0, 10) ?? [];
  const close = (go: () => unknown) => () => {
    setIsOpen(false);
    setSearch('');
    void go();
  };
  return (
    <Modal isOpen={isOpen} onOpenChange={setIsOpen}>
      <Modal.Backdrop>
        <Modal.Container placement="top">
          <Modal.Dialog aria-label="Go to" className="p-0">
            <Command label="Go to" shouldFilter>
              <Command.Input
                autoFocus
                value={search}
                onValueChange={setSearch}
                placeholder="A page, or a run's title…"
                className="w-full border-b border-separator bg-transparent px-4 py-3 text-sm outline-none"
              />
              <Command.List className="max-h-80 overflow-auto p-2 text-sm">
                <Command.Empty className="p-3 text-muted">Nothing is called so.</Command.Empty>
                <Command.Group heading="Pages" className="text-muted">
                  {PAGES.map(({ to, title, icon: Icon, keys }) => (
                    <Command.Item
                      key={to}
                      value={title}
                      onSelect={close(() => navigate({ to }))}
                      className="flex items-center gap-2 rounded-md px-2 py-2 text-foreground data-[selected=true]:bg-default"
                    >
                      <Icon aria-hidden className="size-4" />
                      {title}
                      <span className="ml-auto text-xs text-muted">{keys.join(' ')}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
                <Command.Group heading="Runs" className="text-muted">
                  {found.map(({ run, title, state }) => (
                    <Command.Item
                      key={run}
                      value={`${title} ${run}`}
                      onSelect={close(() => navigate({ to: '/runs/$run', params: { run } }))}
                      className="flex items-center gap-2 rounded-md px-2 py-2 text-foreground data-[selected=true]:bg-default"
                    >
                      <span className="truncate">{title}</span>
                      <span className="ml-auto text-xs text-muted">{state.replace('_', ' ')}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              </Command.List>
            </Command>
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}
