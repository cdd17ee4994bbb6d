import { it } from 'vitest';
import { networkMissing } from '../support/fabric-network.js';
import { thirteenRules } from './rules/thirteen-rules.js';

const missing = networkMissing();

if (missing) it('the rules on the Fabric network', (test) => test.skip(missing));
else thirteenRules('fabric');
