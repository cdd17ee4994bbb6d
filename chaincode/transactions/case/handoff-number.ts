import Type from 'typebox';

/** A hand-off's number in its case. */
export const HandoffNumber = Type.Integer({ minimum: 1, maximum: 99_999_999 });
