import { Context, Contract, Info, Param, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../runtime/execute.js';
import { anchorRecords } from '../transactions/anchor/anchor-records.js';

@Info({ title: 'anchor', description: 'Anchors: many records under one Merkle root' })
export class AnchorContract extends Contract {
  constructor() {
    super('anchor');
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async AnchorRecords(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, anchorRecords, argument);
  }
}
