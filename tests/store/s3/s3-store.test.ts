import { describe } from "vitest";
import { hasCeph } from "../../support/ceph.js";
import { makeBucket } from "../../support/object-store.js";
import { storeContract } from "../contract.js";
import { draftsContract } from "../drafts-contract.js";
import { mailboxesContract } from "../mailboxes-contract.js";
import { uploadsContract } from "../uploads-contract.js";

describe.runIf(hasCeph("the S3 store"))("over a Ceph object gateway", () => {
  const make = async () => {
    const { open, everything } = await makeBucket();
    return {
      open,
      beside: async (now?: () => Date) => (await open(now)).mailboxes,
      everything,
      remove: async () => {},
    };
  };
  storeContract("the S3 store", make);
  uploadsContract("the S3 store", make);
  mailboxesContract("the S3 store", make);
  draftsContract("the S3 store", make);
});
