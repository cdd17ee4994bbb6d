import { describe } from 'vitest';
import { networkMissing } from '../support/fabric-network.js';
import { thirteenRules } from './rules/thirteen-rules.js';

const missing = networkMissing();

describe.skipIf(missing)(`a network of four provinces${missing ? `, skipped: ${missing}` : ''}`, () => thirteenRules('fabric'));
