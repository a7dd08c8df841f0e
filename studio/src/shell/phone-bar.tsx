/** The menu on small screens: a bar above the page, the menu behind a button. */
import { Button, Drawer } from '@heroui/react';
import { Menu as MenuIcon } from 'lucide-react';
import { useState } from 'react';
import { AccountPanel } from './account-panel.tsx';
import { Menu } from './menu.tsx';

export function PhoneBar() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-separator bg-surface px-2 lg:hidden">
      <Drawer isOpen={isOpen} onOpenChange={setIsOpen}>
        <Button isIconOnly variant="ghost" aria-label="Menu">
          <MenuIcon aria-hidden className="size-5" />
        </Button>
        <Drawer.Backdrop>
          <Drawer.Content placement="left">
            <Drawer.Dialog aria-label="Menu">
              <Drawer.Body>
                <Menu onChosen={() => setIsOpen(false)} />
                <div className="mt-6">
                  <AccountPanel />
                </div>
              </Drawer.Body>
            </Drawer.Dialog>
          </Drawer.Content>
        </Drawer.Backdrop>
      </Drawer>
      <img src="/imagemill.svg" alt="" className="size-5" />
      <span className="font-semibold tracking-tight">Imagemill</span>
    </header>
  );
}
