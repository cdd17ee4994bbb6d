/** What an audit says at its end, for people and for programs, and the exit code. */
import { CannotTell, Differs } from '../../network/audit/difference.js';

export const AUDIT_FORMAT = 'yrd-audit-report/1';

export type AuditReport = Readonly<Record<string, unknown>> & { readonly verdict: 'holds' | 'differs' | 'cannot-tell' };

export const EXIT_CODES = { holds: 0, differs: 1, 'cannot-tell': 2 } as const;

/** What anything that was thrown comes to; what is no finding is a fault of the audit, and so tells nothing. */
export function reportOf(source: string, error: unknown): AuditReport {
  const base = { format: AUDIT_FORMAT, source };
  if (error instanceof Differs) return { ...base, verdict: 'differs', difference: error.difference };
  const reason = error instanceof CannotTell ? error.message : `the audit failed: ${(error as Error).stack ?? error}`;
  return { ...base, verdict: 'cannot-tell', reason };
}

function lines(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `  ${name.padEnd(12)} ${typeof value === 'object' ? JSON.stringify(value) : value}\n`)
    .join('');
}

/** What was not found equal because it could not be asked must not be read as if it had been. */
function exceptFor({ notCompared = [] }: { readonly notCompared?: unknown }): string {
  const names = notCompared as readonly string[];
  return names.length > 0
    ? `, but the last blocks of ${names.join(', ')} could not be compared: audit again when they are back`
    : '';
}

/** For people. */
export function textOf({ verdict, difference, reason, format: _, ...rest }: AuditReport): string {
  if (verdict === 'cannot-tell') return `Cannot tell: ${reason}\n`;
  if (verdict === 'holds') return `Nothing differs${exceptFor(rest)}.\n${lines(rest)}`;
  const { problem, ...where } = difference as Differs['difference'];
  return `First difference: ${problem}\n${lines(where)}`;
}
