import type { Exchange } from './exchange.js';
import { GROUPS, type Input } from './input.js';
import type { GroupResult, InputRecord } from './report.js';

/** What came of inputs, by what they are about. */
export class Tally {
  readonly records: InputRecord[] = [];
  private readonly results = new Map(GROUPS.map((group) => [group, empty(group)]));

  /** Inputs that were answered rightly are only recorded where `recordsAll` is set. */
  constructor(private readonly recordsAll: boolean) {}

  add(index: number, input: Input, exchange: Exchange, problem: string | undefined): void {
    const result = this.results.get(input.group) as GroupResult;
    result.inputs++;
    result[outcomeOf(exchange)]++;
    if (problem !== undefined) result.wrong++;
    if (problem !== undefined || this.recordsAll)
      this.records.push(recordOf(index, input, exchange, problem));
  }

  /** Groups that had inputs. */
  groups(): GroupResult[] {
    return [...this.results.values()].filter(({ inputs }) => inputs > 0);
  }

  /** How many answers said 500. */
  get failed(): number {
    return this.groups().reduce((sum, { failed }) => sum + failed, 0);
  }
}

function recordOf(
  index: number,
  { group, shape, bytes }: Input,
  exchange: Exchange,
  problem: string | undefined,
): InputRecord {
  return {
    index,
    group,
    shape,
    sent: bytes.toString('latin1'),
    came: describe(exchange),
    ...(problem === undefined ? {} : { problem }),
  };
}

function outcomeOf({ answers: [first] }: Exchange): 'refused' | 'served' | 'closed' | 'failed' {
  if (!first) return 'closed';
  if (first.status < 400) return 'served';
  return first.status === 500 ? 'failed' : 'refused';
}

function describe({ answers, closed, hung, refused }: Exchange): string {
  const said = answers.map(({ status, body }) => `${status} ${body}`);
  if (refused) return 'no connection';
  if (hung) return [...said, 'nothing more'].join('\n');
  return [...said, closed ? 'the connection was closed' : 'the connection is open'].join('\n');
}

function empty(group: GroupResult['group']): GroupResult {
  return { group, inputs: 0, refused: 0, served: 0, closed: 0, failed: 0, wrong: 0 };
}
