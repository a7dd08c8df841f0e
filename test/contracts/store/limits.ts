import type { Subject } from './subject.ts';
export function describeLimits(_subject: Subject): void {}
