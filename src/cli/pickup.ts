import type { OperatorLog } from "../http/index.js";
import { createPickupServer, Ledger, Staff, StaffFolder, startNotifier } from "../pickup/index.js";
import type { UploadStore } from "../server/index.js";
import type { Recipients } from "../server/recipients/index.js";
import type { Config } from "./config.js";
import { listen, stop } from "./listen.js";
import type { ListenAddress } from "./listen-address.js";

export interface Pickup {
  readonly address: string;
  readonly stop: () => void;
}

/** Starts the staff's server on a separate listener. It shares only the store with the submitters' server. */
export async function startPickup(
  config: Config,
  address: ListenAddress,
  store: UploadStore,
  recipients: Recipients,
  log: OperatorLog,
): Promise<Pickup> {
  const folder = await StaffFolder.open(config.staff);
  const server = createPickupServer({
    submissions: store,
    mailboxes: store.mailboxes,
    folder,
    keys: recipients.all,
    log,
  });
  const bound = await listen(server, address);
  const stopNotifier = startNotifier({ config: config.notify, submissions: store, ledger: new Ledger(folder), log });
  if ((await new Staff(folder).list()).length === 0) {
    log.warn("nobody can sign in to pickup yet: run postern staff add");
  }
  return {
    address: bound,
    stop: () => {
      stopNotifier();
      stop(server);
    },
  };
}
