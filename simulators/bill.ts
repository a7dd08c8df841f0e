export const VENDOR_NAMES = [
  'openai',
  'bfl',
  'kling',
  'gemini',
  'dashscope',
  'many-prompts',
  'a1111',
  'comfyui',
] as const;
export type VendorName = (typeof VENDOR_NAMES)[number];

/** One billed request. Refused and never made ones have no entry, but where what was read is billed. */
export interface BillEntry {
  readonly vendor: VendorName;
  /** When the images were made (or, at the task vendors, ordered). */
  readonly at: number;
  readonly model: string;
  readonly prompt: string;
  /** The id that the client gave the request, where the vendor takes one. */
  readonly requestKey?: string;
  /** The vendor's own id of the request or task. */
  readonly taskId: string;
  /** Images made, not images asked for. */
  readonly images: number;
  readonly usdMicros: number;
  /** Whether the answer to the submitting call left complete. */
  delivered: boolean;
  /** SHA-256 of each image's bytes, hex. */
  readonly imageHashes: readonly string[];
}

/** What a vendor really charges: the only true bill. */
export class Bill {
  readonly entries: BillEntry[] = [];
  #images = 0;
  #usdMicros = 0;

  add(entry: BillEntry): void {
    this.entries.push(entry);
    this.#images += entry.images;
    this.#usdMicros += entry.usdMicros;
  }

  /** Takes an order off that was cancelled before anything of it was made. */
  withdraw(taskId: string): void {
    const index = this.entries.findIndex((entry) => entry.taskId === taskId);
    const [entry] = index === -1 ? [] : this.entries.splice(index, 1);
    this.#images -= entry?.images ?? 0;
    this.#usdMicros -= entry?.usdMicros ?? 0;
  }

  /** Images billed. */
  get images(): number {
    return this.#images;
  }

  get usdMicros(): number {
    return this.#usdMicros;
  }

  toJSON(): { images: number; usdMicros: number; entries: readonly BillEntry[] } {
    return { images: this.images, usdMicros: this.usdMicros, entries: this.entries };
  }
}
