/** One row of the table of problems: what a code means to whoever reads it, in both languages. */

export interface ProblemText {
  readonly title: string;
  /** what happened and what to do next */
  readonly detail: string;
}

export interface ProblemEntry {
  readonly status: number;
  /** whether the very same request may succeed later */
  readonly retryable: boolean;
  readonly zh: ProblemText;
  readonly en: ProblemText;
}

/** A row, texts as `[title, detail]`. */
export function problem(
  status: number,
  zh: readonly [string, string],
  en: readonly [string, string],
  retryable = false,
): ProblemEntry {
  return { status, retryable, zh: { title: zh[0], detail: zh[1] }, en: { title: en[0], detail: en[1] } };
}

/** The same request can succeed later, unchanged. */
export function passing(status: number, zh: readonly [string, string], en: readonly [string, string]): ProblemEntry {
  return problem(status, zh, en, true);
}
