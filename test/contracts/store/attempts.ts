import type { Subject } from './subject.ts';
export function describeAttempts(_subject: Subject): void {}
