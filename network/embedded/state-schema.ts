/** The tables of `state.db`. All of them can be made again from the block log. */
export const STATE_VERSION = 1;

/**
 * `state` holds every key's latest version (a null value is a deleted key); `history` gets the version
 * that a write replaced, so that a key written once costs nothing there; `savepoint` is the one row that
 * says up to which block all this is.
 */
export const STATE_SCHEMA = `
CREATE TABLE state (
  key TEXT PRIMARY KEY, value BLOB, block INTEGER NOT NULL, position INTEGER NOT NULL, checksum INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE history (
  key TEXT NOT NULL, block INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (key, block, position)
) WITHOUT ROWID;
CREATE TRIGGER state_history AFTER UPDATE ON state BEGIN
  INSERT INTO history (key, block, position) VALUES (old.key, old.block, old.position);
END;
CREATE TABLE transactions (
  id BLOB PRIMARY KEY, block INTEGER NOT NULL, position INTEGER NOT NULL, code INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE blocks (number INTEGER PRIMARY KEY, offset INTEGER NOT NULL, hash BLOB NOT NULL);
CREATE TABLE savepoint (
  id INTEGER PRIMARY KEY CHECK (id = 0), height INTEGER NOT NULL, hash BLOB NOT NULL,
  log_length INTEGER NOT NULL, commit_hash BLOB NOT NULL
);
`;

export const STATE_STATEMENTS = {
  get: 'SELECT value, block, position, checksum FROM state WHERE key = ?',
  put: `INSERT INTO state (key, value, block, position, checksum) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, block = excluded.block,
    position = excluded.position, checksum = excluded.checksum`,
  history: `SELECT block, position FROM history WHERE key = ?1 UNION SELECT block, position FROM state WHERE key = ?1
    ORDER BY block, position`,
  putTransaction: 'INSERT OR IGNORE INTO transactions (id, block, position, code) VALUES (?, ?, ?, ?)',
  transaction: 'SELECT block, position, code FROM transactions WHERE id = ?',
  putBlock: 'INSERT INTO blocks (number, offset, hash) VALUES (?, ?, ?)',
  block: 'SELECT offset, hash FROM blocks WHERE number = ?',
  savepoint: 'SELECT height, hash, log_length AS logLength, commit_hash AS commitHash FROM savepoint',
  putSavepoint: `INSERT INTO savepoint (id, height, hash, log_length, commit_hash) VALUES (0, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET height = excluded.height, hash = excluded.hash,
    log_length = excluded.log_length, commit_hash = excluded.commit_hash`,
} as const;
