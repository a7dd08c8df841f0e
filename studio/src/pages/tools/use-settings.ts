/** The settings of all tools, kept in this tab: who looks at a job comes back to them. */
import { useCallback, useState } from 'react';
import { FIRST_SETTINGS, type ToolSettings } from './settings.ts';

const KEY = 'imagemill-tools';

export function useSettings() {
  const [settings, setSettings] = useState(keptSettings);
  const change = useCallback(
    <Part extends keyof ToolSettings>(part: Part, value: ToolSettings[Part]) =>
      setSettings((was) => {
        const now = { ...was, [part]: value };
        sessionStorage.setItem(KEY, JSON.stringify(now));
        return now;
      }),
    [],
  );
  return { settings, change };
}

export type ChangeSettings = ReturnType<typeof useSettings>['change'];

/** What an older studio has kept may lack a part. */
function keptSettings(): ToolSettings {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<ToolSettings>;
    return { ...FIRST_SETTINGS, ...kept };
  } catch {
    return FIRST_SETTINGS;
  }
}
