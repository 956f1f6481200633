import { connectEngine, type Engine } from 'runtime-kit/engine';
import { tellingEngineFailures } from 'runtime-kit/functions';

/** Work on the engine that the environment names, whose failures are told in one line. */
export async function onEngine<Result>(work: (engine: Engine) => Promise<Result>): Promise<Result> {
  const engine = await connectEngine();
  return tellingEngineFailures(work(engine));
}
