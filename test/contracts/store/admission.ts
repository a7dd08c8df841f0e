import type { Subject } from './subject.ts';
export function describeAdmission(_subject: Subject): void {}
