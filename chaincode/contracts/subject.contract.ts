import { Context, Contract, Info, Param, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../runtime/execute.js';
import { eraseSubject } from '../transactions/subject/erase-subject.js';

@Info({ title: 'subject', description: 'Erasures of subject handles' })
export class SubjectContract extends Contract {
  constructor() {
    super('subject');
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async EraseSubject(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, eraseSubject, argument);
  }
}
