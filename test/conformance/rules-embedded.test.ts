import { thirteenRules } from './rules/thirteen-rules.js';

thirteenRules('embedded');
