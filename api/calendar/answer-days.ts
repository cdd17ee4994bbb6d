/** How many full working days there are for an answer, unless the calendar file says otherwise. */

/** Share classes of a request for data, and the offer of a case. */
export type Answered = 'unconditional' | 'conditional' | 'withheld' | 'handoff';
export type AnswerDays = Readonly<Record<Answered, number>>;

/**
 * For data by share class, as for State Council Decree 809. For a hand-off five, the time in which the
 * Administrative Licensing Law (article 32) wants an applicant told what is missing.
 */
export const ANSWER_DAYS: AnswerDays = { unconditional: 1, conditional: 10, withheld: 20, handoff: 5 };
