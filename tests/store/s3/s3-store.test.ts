import { describe } from "vitest";
import type { TestBucket } from "../../support/bucket.js";
import { hasCeph } from "../../support/ceph.js";
import { makeBucket } from "../../support/object-store.js";
import { storeContract } from "../contract.js";
import { draftsContract } from "../drafts-contract.js";
import { mailboxesContract } from "../mailboxes-contract.js";
import { uploadsContract } from "../uploads-contract.js";

describe.runIf(hasCeph("the S3 store"))("over a Ceph object gateway", () => {
  let bucket: Promise<TestBucket> | undefined;
  let stores = 0;
  const make = async () => {
    bucket ??= makeBucket();
    stores += 1;
    const { open, everything } = (await bucket).below(`store-${stores}`);
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
