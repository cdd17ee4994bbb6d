/**
 * Nobody, or nobody we can tell: answered with 401. `auth.invalid` never says what was wrong, so that
 * a forger learns nothing from it; `reason` is for the log.
 */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated';
  readonly code: 'auth.missing' | 'auth.invalid';

  constructor(code: 'auth.missing' | 'auth.invalid', reason: string) {
    super(reason);
    this.code = code;
  }
}
