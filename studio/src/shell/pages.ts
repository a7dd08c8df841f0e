/** The pages of the menu, in its order. */
import { Gauge, Images, type LucideIcon, Settings, Sparkles, Wand2, Layers } from 'lucide-react';

export interface MenuPage {
  readonly to: '/generate' | '/runs' | '/references' | '/tools' | '/dashboard' | '/settings';
  readonly title: string;
  readonly icon: LucideIcon;
  /** Pressed one after the other. */
  readonly keys: readonly [string, string];
}

export const PAGES: readonly MenuPage[] = [
  { to: '/generate', title: 'Generate', icon: Sparkles, keys: ['G', 'G'] },
  { to: '/runs', title: 'Runs', icon: Layers, keys: ['G', 'R'] },
  { to: '/references', title: 'References', icon: Images, keys: ['G', 'I'] },
  { to: '/tools', title: 'Image tools', icon: Wand2, keys: ['G', 'T'] },
  { to: '/dashboard', title: 'Dashboard', icon: Gauge, keys: ['G', 'D'] },
  { to: '/settings', title: 'Settings', icon: Settings, keys: ['G', 'S'] },
];
