/** Name and version of the document; another version is refused. */
export const CHECKPOINT_FORMAT = 'yrd-checkpoint/1';
