import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Bill, type BillEntry } from '../../simulators/bill.ts';
import type { LoggedRequest } from '../../simulators/request-log.ts';
import type { BaseUrls } from '../../simulators/serve.ts';
import type { SimulateOptions } from '../../simulators/simulate.ts';
import type { SimulatedVendor } from '../../simulators/simulated-vendors.ts';

const PROCESS = join(import.meta.dirname, 'vendors-process.ts');

/** Simulated vendors in a process of their own. */
export interface Vendors extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  change(vendor: SimulatedVendor, change: Readonly<Record<string, unknown>>): Promise<void>;
  bill(vendor: SimulatedVendor): Promise<Bill>;
  log(vendor: SimulatedVendor): Promise<readonly LoggedRequest[]>;
}

export async function startVendors(options: SimulateOptions): Promise<Vendors> {
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { urls, environment } = JSON.parse(line) as {
    readonly urls: BaseUrls;
    readonly environment: Record<string, string>;
  };
  const ask = async <Answer>(vendor: SimulatedVendor, what: string, body?: unknown) => {
    const answer = await fetch(new URL(`/_simulator/${what}`, urls[vendor]), {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${vendor} ${what}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  return {
    environment,
    change: async (vendor, change) => {
      await ask(vendor, 'options', change);
    },
    bill: async (vendor) => {
      const { entries } = await ask<{ entries: BillEntry[] }>(vendor, 'bill');
      return billOf(entries);
    },
    log: async (vendor) => (await ask<{ entries: LoggedRequest[] }>(vendor, 'log')).entries,
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export function billOf(entries: readonly BillEntry[]): Bill {
  const bill = new Bill();
  for (const entry of entries) bill.add(entry);
  return bill;
}
