import { once } from "node:events";
import { join } from "node:path";
import { createWorkbench, type Workbench } from "../../src/desk/index.js";

export interface RunningWorkbench extends Workbench {
  readonly stop: () => void;
}

/** Starts the workbench over a folder of cases, on a free port. Its outbox is there as well, and it keeps no copies. */
export async function startWorkbench(
  root: string,
  onFault: (fault: Error) => void = () => undefined,
  answering: Parameters<typeof createWorkbench>[2] = { outbox: join(root, "outbox"), staff: async () => null },
): Promise<RunningWorkbench> {
  const workbench = await createWorkbench(root, onFault, answering);
  const { server } = workbench;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    ...workbench,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
