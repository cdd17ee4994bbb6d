/** What one look at the installation found: fine, worth knowing, or in the way; and what to do. */
export interface Finding {
  readonly check: string;
  readonly verdict: 'ok' | 'note' | 'fault';
  readonly found: string;
  /** what to do; for everything that is not `ok` */
  readonly advice?: string;
}

export function ok(check: string, found: string): Finding {
  return { check, verdict: 'ok', found };
}

export function note(check: string, found: string, advice: string): Finding {
  return { check, verdict: 'note', found, advice };
}

export function fault(check: string, found: string, advice: string): Finding {
  return { check, verdict: 'fault', found, advice };
}
