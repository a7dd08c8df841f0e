/** Light or dark, and every key of the keyboard. Both are of this browser. */
import { Label, Radio, RadioGroup } from '@heroui/react';
import { KeyList } from '../../../shell/key-list.tsx';
import { setTheme, THEME_TITLES, THEMES, useTheme } from '../../../shell/theme.ts';
import { Panel, Section } from '../parts/section.tsx';

export function AppearanceSection() {
  const chosen = useTheme();
  return (
    <Section title="Appearance and keyboard" about="Kept in this browser, for nobody else.">
      <Panel title="Theme">
        <RadioGroup
          value={chosen}
          onChange={(next) => {
            const theme = THEMES.find((each) => each === next);
            if (theme !== undefined) setTheme(theme);
          }}
        >
          <Label className="sr-only">Theme</Label>
          {THEMES.map((theme) => (
            <Radio key={theme} value={theme}>
              <Radio.Content>
                <Radio.Control>
                  <Radio.Indicator />
                </Radio.Control>
                {THEME_TITLES[theme]}
              </Radio.Content>
            </Radio>
          ))}
        </RadioGroup>
      </Panel>
      <Panel title="Keyboard" about="Press ? anywhere to see these.">
        <KeyList />
      </Panel>
    </Section>
  );
}
